import type { SweepConfig } from '../../config/sweep-file.ts';
import { type FolderModel, isFolderModel, requireExit, type SweepModel } from '../../sources/sweep-models.ts';
import { withWeights } from './plan-comparisons.ts';

/** The sub-model that says how likely it finds the answers of a sweep. */
export interface Reference {
  readonly model: FolderModel;
  readonly exit: number;
}

/**
 * The one that the sweep file names; else that of its first KL curve; else the last exit of the first SFT model, or of the first
 * model, that runs in this process. None where none does.
 * @param path of the sweep file, for the errors
 * @throws InputError `unknown-exit`, or `bad-config` for a model of which only answers are known
 */
export function planReference(
  { likelihood, kl }: SweepConfig,
  models: ReadonlyMap<string, SweepModel>,
  path: string,
): Reference | undefined {
  const named = likelihood ?? kl?.curves[0];
  if (!named) return firstReference([...models.values()].filter(isFolderModel));
  const where = `${path}: likelihood`;
  const model = withWeights(models.get(named.reference)!, `${where}.reference`);
  const exit = named.referenceExit ?? model.exits.at(-1)!;
  requireExit(model, exit, `${where}.referenceExit`);
  return { model, exit };
}

function firstReference(models: readonly FolderModel[]): Reference | undefined {
  const model = models.find(({ manifest }) => manifest.kind === 'sft') ?? models[0];
  return model && { model, exit: model.exits.at(-1)! };
}
