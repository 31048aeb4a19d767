import { InputError } from '../../core/errors.js';
const PROVIDERS = ['cpu', 'cuda'];
/**
 * ONNX Runtime's execution provider, from the environment variable SORTED_EVAL_PROVIDER. It rounds in its own way, so
 * it is part of every content key.
 * @throws InputError `bad-option`
 */
export function executionProvider() {
    const chosen = process.env['SORTED_EVAL_PROVIDER'] ?? 'cpu';
    const provider = PROVIDERS.find((candidate) => candidate === chosen);
    if (provider)
        return provider;
    throw new InputError({
        code: 'bad-option',
        where: 'SORTED_EVAL_PROVIDER',
        expected: PROVIDERS.join(' or '),
        found: JSON.stringify(chosen),
        fix: 'Unset it for the CPU.',
    });
}
