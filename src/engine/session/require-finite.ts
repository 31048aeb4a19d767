import { InputError } from '../../core/errors.ts';

/**
 * Weights with NaN or infinity give such results, and the largest of NaNs is token 0: a response that looks
 * like any other.
 * @throws InputError `bad-checkpoint`
 */
export function requireFinite(values: Float32Array, graph: string): void {
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new InputError({
    code: 'bad-checkpoint',
    where: graph,
    expected: 'finite numbers',
    found: `${wrong}`,
    fix: 'Weights are damaged, or config.json is another model’s: sorted-eval doctor <folder> finds out which.',
  });
}
