import { InputError } from '../../core/errors.js';
/** `hidden_act` of config.json for each activation. */
const ACTIVATION_NAMES = {
    silu: ['silu', 'swish'],
    'gelu-tanh': ['gelu_pytorch_tanh'],
};
/**
 * Refuses, by its key and with the reason, what the graphs cannot express.
 * @param contextLength in tokens
 * @throws InputError `unsupported-model`
 */
export function refuseUnsupported({ activation, refuse }, config, contextLength, path) {
    const { hidden_act, quantization_config } = config;
    const names = ACTIVATION_NAMES[activation];
    if (!names.includes(hidden_act)) {
        const fix = `Give a checkpoint whose MLP is gated by ${names[0]}.`;
        throw unsupported(`${path}: hidden_act`, names[0], hidden_act, fix);
    }
    if (quantization_config) {
        const method = quantization_config.quant_method ?? 'weights quantised by an unnamed method';
        const fix = 'Give the unquantised checkpoint.';
        throw unsupported(`${path}: quantization_config`, 'none: F32, F16 or BF16 weights', method, fix);
    }
    for (const refusal of refuse)
        applyRefusal(refusal, config[refusal.key] ?? null, contextLength, path);
}
function applyRefusal({ key, accept, fix }, value, contextLength, path) {
    if (value === null)
        return;
    if (accept === 'whole-context') {
        if (value === 0 || Number(value) >= contextLength)
            return;
        const expected = `null, or at least the context of ${contextLength} tokens`;
        throw unsupported(`${path}: ${key}`, expected, `${value}`, fix);
    }
    if (accept.some((accepted) => accepted === value))
        return;
    throw unsupported(`${path}: ${key}`, ['null', ...accept].join(' or '), JSON.stringify(value), fix);
}
function unsupported(where, expected, found, fix) {
    return new InputError({ code: 'unsupported-model', where, expected, found, fix });
}
/** What was decided about unusual keys; the import prints it and keeps it in model.json. */
export function notesOn({ refuse }, config, contextLength) {
    const { pretraining_tp, max_position_embeddings } = config;
    const notes = [];
    if (contextLength !== max_position_embeddings) {
        notes.push(`rope scaling stretches the context from ${max_position_embeddings} to ${contextLength} tokens`);
    }
    for (const { key } of refuse.filter(({ accept }) => accept === 'whole-context')) {
        const tokens = config[key];
        if (tokens)
            notes.push(`${key} ${tokens} is as long as the context, so every token is attended to`);
    }
    if (pretraining_tp && pretraining_tp > 1) {
        notes.push(`pretraining_tp ${pretraining_tp} is left out: it only splits the sums of training`);
    }
    return notes;
}
