/** Where answers and verdicts come from: the parts of a sweep file that name models and judges. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { DEFAULT_PROTOCOL, PROTOCOL_NAMES, protocolNamed } from '../judge/protocols/protocols.js';
import { PRECISIONS } from '../model/quantise/precision.js';
import { endpointSchema } from './http/endpoint.js';
import { extraBodySchema } from './http/openai.js';
const count = z.int().positive();
export const exitsSchema = z
    .array(count)
    .min(1)
    .refine((list) => list.every((exit, index) => index === 0 || exit > list[index - 1]), 'exits do not rise');
const label = z.string().min(1).optional();
const name = z.string().min(1);
/** How the weights of a checkpoint are imported; a model folder must have been. */
const precision = z.enum(PRECISIONS).optional();
/** Keys are exits: numbers of layers. */
function byExit(value) {
    return z
        .record(z.string().regex(/^[1-9]\d{0,5}$/, 'an exit: a number of layers'), value)
        .refine((exits) => Object.keys(exits).length > 0, 'at least one exit');
}
const folderModel = z.strictObject({
    /** A Hugging Face checkpoint, or a model folder made by `sorted-eval import`. */
    path: name,
    /** How figures and tables call it. */
    label,
    exits: exitsSchema.optional(),
    precision,
});
const endpointModel = z.strictObject({
    /** A server that has each sub-model as a model of its own: the checkpoint cut to so many layers. */
    endpoint: endpointSchema,
    label,
    /** What the server calls the sub-model of each exit, and where, if another server has it. */
    exits: byExit(z.union([name, z.strictObject({ model: name, baseUrl: endpointSchema.shape.baseUrl.optional() })], {
        error: 'the model’s name at the server, or {model, baseUrl}',
    })),
    extraBody: extraBodySchema.optional(),
});
const answersModel = z.strictObject({
    /** A file whose records say their `exit`, or one file for each exit. */
    answers: z.union([name, byExit(name)], { error: 'a file, or a file for each exit: {12: …, 16: …}' }),
    label,
});
export const modelSchema = oneOf({ path: folderModel, endpoint: endpointModel, answers: answersModel });
const protocol = z.enum(PROTOCOL_NAMES).default(DEFAULT_PROTOCOL);
const folderJudge = z
    .strictObject({
    path: name,
    label,
    protocol,
    precision,
    /** Other ways than the protocol's own are recorded as deviations. */
    decoding: z.enum(['beams', 'greedy', 'verdict-only']).optional(),
    beamRule: z.enum(['transformers-4.28', 'transformers-4.36']).default('transformers-4.28'),
    maxNewTokens: count.optional(),
    batchSize: count.default(32),
})
    .refine(({ protocol, decoding }) => decoding !== 'verdict-only' || protocolNamed(protocol).verdictPlace === 'first-line', { error: 'greedy or beams: the verdict of this protocol is not in the first line', path: ['decoding'] })
    .transform(({ decoding, maxNewTokens, ...judge }) => {
    const { defaults } = protocolNamed(judge.protocol);
    return {
        ...judge,
        decoding: decoding ?? defaults.decoding,
        maxNewTokens: maxNewTokens ?? defaults.maxNewTokens,
    };
});
const endpointJudge = z
    .strictObject({
    endpoint: endpointSchema,
    /** As the server calls it. */
    model: name,
    label,
    protocol,
    maxNewTokens: count.optional(),
    /** For a server with less context than the longest answers need: longer prompts lose the ends of their responses. */
    maxPromptCharacters: count.optional(),
    /** Further keys of the request, such as vLLM's `{use_beam_search: true, n: 4, repetition_penalty: 1.2}`. */
    extraBody: extraBodySchema.optional(),
})
    .transform(({ maxNewTokens, ...judge }) => ({
    ...judge,
    maxNewTokens: maxNewTokens ?? protocolNamed(judge.protocol).defaults.maxNewTokens,
}));
const recordedJudge = z.strictObject({
    verdicts: name,
    /** Labelled pairs, where the verdicts are one of PandaLM's result files. */
    pairs: name.optional(),
    label,
    protocol,
});
export const judgeSchema = oneOf({ path: folderJudge, endpoint: endpointJudge, verdicts: recordedJudge });
/** A model with its paths made absolute. */
export function modelIn(folder, model) {
    if ('path' in model)
        return { ...model, path: resolve(folder, model.path) };
    if ('endpoint' in model)
        return model;
    const { answers } = model;
    if (typeof answers === 'string')
        return { ...model, answers: resolve(folder, answers) };
    const files = Object.entries(answers).map(([exit, file]) => [exit, resolve(folder, file)]);
    return { ...model, answers: Object.fromEntries(files) };
}
/** A judge with its paths made absolute. */
export function judgeIn(folder, judge) {
    if ('path' in judge)
        return { ...judge, path: resolve(folder, judge.path) };
    if ('endpoint' in judge)
        return judge;
    const { verdicts, pairs } = judge;
    return {
        ...judge,
        verdicts: resolve(folder, verdicts),
        ...(pairs === undefined ? {} : { pairs: resolve(folder, pairs) }),
    };
}
/** A model without what is only about the way to its server: none of that makes another run. */
export function withoutTransport(model) {
    if (!('endpoint' in model))
        return model;
    const { baseUrl, api } = model.endpoint;
    return { ...model, endpoint: { baseUrl, api } };
}
/** One of several objects, told apart by the one key that each alone has; errors are then about that one. */
function oneOf(schemas) {
    const names = Object.keys(schemas);
    return z
        .record(z.string(), z.unknown(), { error: `an object with one of the keys ${names.join(', ')}` })
        .transform((value, context) => {
        const [key, ...others] = names.filter((candidate) => candidate in value);
        if (key === undefined || others.length > 0) {
            context.addIssue(`exactly one of the keys ${names.join(', ')}`);
            return z.NEVER;
        }
        const result = schemas[key].safeParse(value);
        if (result.success)
            return result.data;
        for (const { path, message } of result.error.issues)
            context.addIssue({ code: 'custom', path, message });
        return z.NEVER;
    });
}
