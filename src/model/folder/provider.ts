import { InputError } from '../../core/errors.ts';

const PROVIDERS = ['cpu', 'cuda'] as const;
export type Provider = (typeof PROVIDERS)[number];

/**
 * ONNX Runtime's execution provider, from the environment variable SORTED_EVAL_PROVIDER. Providers
 * round differently, so it is part of every content key.
 * @throws InputError `bad-option`
 */
export function executionProvider(): Provider {
  const chosen = process.env['SORTED_EVAL_PROVIDER'] ?? 'cpu';
  const provider = PROVIDERS.find((candidate) => candidate === chosen);
  if (provider) return provider;
  throw new InputError({
    code: 'bad-option',
    where: 'SORTED_EVAL_PROVIDER',
    expected: PROVIDERS.join(' or '),
    found: JSON.stringify(chosen),
    fix: 'Unset it for the CPU.',
  });
}
