import { InputError } from '../../core/errors.ts';
import type { Store } from '../../store/database.ts';
import type { RunHead } from '../../store/read/run-head.ts';

/** A run without scores beside published ones. */
export function notScored({ path }: Store, run: string): InputError {
  return new InputError({
    code: 'empty',
    where: `${path}: run ${run}`,
    expected: 'scored cells',
    found: 'none',
    fix: 'Run the judge and score stages first: sorted-eval sweep <sweep.yaml>.',
  });
}

/** @param path results file */
export function nothingMatched(path: string, { run, models, comparisons }: RunHead): InputError {
  const kindOf = (name: string) => models.find(({ model }) => model === name)!.kind;
  const kinds = comparisons.map(
    ({ name, modelA, modelB }) => `${name} (${kindOf(modelA)}, ${kindOf(modelB)})`,
  );
  return new InputError({
    code: 'empty',
    where: `${path}: run ${run}`,
    expected: 'a comparison of a soft with an sft or early-exit model, at exits of published relative depths',
    found: kinds.join('; '),
    fix: "A model's kind comes from exits.json in its checkpoint: set it there and import again.",
  });
}
