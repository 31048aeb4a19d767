import type { SweepConfig } from '../../config/sweep-file.ts';
import { type FolderModel, isFolderModel } from '../../sources/folder-source.ts';
import type { SweepModel } from '../../sources/model-source.ts';
import { requireExit } from '../../sources/sources.ts';
import { fullDepthOf, withWeights } from './plan-comparisons.ts';

/** The sub-model under which the loglikelihood of responses is measured. */
export interface Scorer {
  readonly model: FolderModel;
  readonly exit: number;
}

export interface ScorerContext {
  /** Undefined if no model in this process has full depth among its exits. */
  readonly scorer: Scorer | undefined;
}

/**
 * The scorer that the sweep file names; by default the reference model of its first KL curve, else the full depth of the first
 * SFT model in this process, else of the first model in this process. Undefined if no model in this process has full
 * depth among its exits.
 * @param path of the sweep file, for the errors
 * @throws InputError `unknown-exit`, or `bad-config` for a model that does not run in this process
 */
export function planScorer(
  { likelihood, kl }: SweepConfig,
  models: ReadonlyMap<string, SweepModel>,
  path: string,
): Scorer | undefined {
  const named = likelihood ?? kl?.curves[0];
  if (!named)
    return firstScorer([...models.values()].filter(isFolderModel).filter(({ dynamic }) => !dynamic));
  const where = `${path}: likelihood`;
  const model = withWeights(models.get(named.reference)!, `${where}.reference`);
  const exit = named.referenceExit ?? fullDepthOf(model, `${where}.reference`);
  requireExit(model, exit, `${where}.referenceExit`);
  return { model, exit };
}

function firstScorer(models: readonly FolderModel[]): Scorer | undefined {
  const whole = models.filter(({ exits, manifest }) => exits.at(-1) === manifest.architecture.layers);
  const model = whole.find(({ manifest }) => manifest.kind === 'sft') ?? whole[0];
  return model && { model, exit: model.manifest.architecture.layers };
}
