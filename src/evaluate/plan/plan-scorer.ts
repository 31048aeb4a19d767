import type { SweepConfig } from '../../config/sweep-file.ts';
import { type FolderModel, isFolderModel } from '../../sources/folder-source.ts';
import type { SweepModel } from '../../sources/model-source.ts';
import { requireExit } from '../../sources/sources.ts';
import { withWeights } from './plan-comparisons.ts';

/** The sub-model under which the loglikelihood of responses is measured. */
export interface Scorer {
  readonly model: FolderModel;
  readonly exit: number;
}

export interface ScorerContext {
  /** Undefined if no model runs in this process. */
  readonly scorer: Scorer | undefined;
}

/**
 * The scorer that the sweep file names; by default the reference model of its first KL curve, else the last exit of the first
 * SFT model in this process, else of the first model in this process. Undefined if no model runs in this process.
 * @param path of the sweep file, for the errors
 * @throws InputError `unknown-exit`, or `bad-config` for a model that does not run in this process
 */
export function planScorer(
  { likelihood, kl }: SweepConfig,
  models: ReadonlyMap<string, SweepModel>,
  path: string,
): Scorer | undefined {
  const named = likelihood ?? kl?.curves[0];
  if (!named) return firstScorer([...models.values()].filter(isFolderModel));
  const where = `${path}: likelihood`;
  const model = withWeights(models.get(named.reference)!, `${where}.reference`);
  const exit = named.referenceExit ?? model.exits.at(-1)!;
  requireExit(model, exit, `${where}.referenceExit`);
  return { model, exit };
}

function firstScorer(models: readonly FolderModel[]): Scorer | undefined {
  const model = models.find(({ manifest }) => manifest.kind === 'sft') ?? models[0];
  return model && { model, exit: model.exits.at(-1)! };
}
