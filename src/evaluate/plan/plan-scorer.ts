import type { SweepConfig } from '../../config/sweep-file.ts';
import { isFolderModel } from '../../sources/folder-source.ts';
import type { SweepModel } from '../../sources/model-source.ts';
import { requireFeature } from '../../sources/served/find-listed.ts';
import { type MeasuredModel, shapeOf } from '../../sources/served/measured-model.ts';
import { isServedModel, type ServedModel } from '../../sources/served/served-model.ts';
import { requireExit } from '../../sources/sources.ts';
import { fullDepthOf, withWeights } from './plan-curves.ts';

/** The sub-model under which the loglikelihood of responses is measured. */
export interface Scorer {
  readonly model: MeasuredModel;
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
  if (!named) return firstScorer([...models.values()]);
  const where = `${path}: likelihood`;
  const model = withWeights(models.get(named.reference)!, `${where}.reference`);
  const exit = named.referenceExit ?? fullDepthOf(model, `${where}.reference`);
  requireExit(model, exit, `${where}.referenceExit`);
  if (isServedModel(model) && likelihood) {
    const fix = 'Serve it with scripts/serve, or remove `likelihood`.';
    requireFeature(model.served.listed, 'loglikelihood', where, fix);
  }
  return { model, exit };
}

function firstScorer(models: readonly SweepModel[]): Scorer | undefined {
  const local = models.filter(isFolderModel).filter(({ dynamic }) => !dynamic);
  const served = models.filter(isServedModel).filter(hasLoglikelihood);
  const whole = [...local, ...served].filter((model) => model.exits.at(-1) === shapeOf(model).layers);
  const model = whole.find((one) => shapeOf(one).kind === 'sft') ?? whole[0];
  return model && { model, exit: shapeOf(model).layers };
}

function hasLoglikelihood({ served }: ServedModel): boolean {
  return served.listed.features.includes('loglikelihood');
}
