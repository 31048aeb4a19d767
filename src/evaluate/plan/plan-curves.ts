/** KL curves, and the models that they may be measured of. */

import type { CurveConfig, SweepConfig } from '../../config/sweep-file.ts';
import { InputError } from '../../core/errors.ts';
import type { SweepModel } from '../../sources/model-source.ts';
import { requireFeature } from '../../sources/served/find-listed.ts';
import { isMeasuredModel, type MeasuredModel, shapeOf } from '../../sources/served/measured-model.ts';
import { isServedModel } from '../../sources/served/served-model.ts';
import { requireExit } from '../../sources/sources.ts';
import { vocabularyDifference } from './vocabulary.ts';

type Models = ReadonlyMap<string, SweepModel>;

/** A KL curve: all exits of one model against one sub-model. */
export interface Curve {
  readonly name: string;
  readonly model: MeasuredModel;
  readonly reference: MeasuredModel;
  readonly referenceExit: number;
  /** Output positions that are measured, at most. */
  readonly positions: number;
}

/**
 * The KL curves of a sweep file, in its order.
 * @throws InputError `unknown-exit`, or `bad-config` for two models of different vocabularies or places
 */
export function planCurves({ kl }: SweepConfig, models: Models, path: string): Curve[] {
  return (kl?.curves ?? []).map((config, index) => ({
    ...planCurve(config, models, `${path}: kl.curves.${index}`),
    positions: kl!.positions,
  }));
}

function planCurve(config: CurveConfig, models: Models, where: string): Omit<Curve, 'positions'> {
  const model = withWeights(models.get(config.model)!, `${where}.model`);
  const reference = withWeights(models.get(config.reference)!, `${where}.reference`);
  const referenceExit = config.referenceExit ?? fullDepthOf(reference, `${where}.reference`);
  requireExit(reference, referenceExit, `${where}.referenceExit`);
  const difference = vocabularyDifference(model, reference);
  if (difference !== undefined) throw notComparable(config, where, difference);
  requireOnePlace({ model, reference }, where);
  return { name: `${model.name} from ${reference.name}@${referenceExit}`, model, reference, referenceExit };
}

/**
 * The last exit, which stands for the model itself where no exit is named.
 * @throws InputError `unknown-exit` where it is not the whole network
 */
export function fullDepthOf(model: MeasuredModel, where: string): number {
  const { exits, name } = model;
  const { layers } = shapeOf(model);
  if (exits.at(-1) === layers) return layers;
  throw new InputError({
    code: 'unknown-exit',
    where,
    expected: `full depth (exit ${layers}) among the exits of ${name}, or a \`referenceExit\``,
    found: `[${exits.join(', ')}]`,
    fix: `Add ${layers} to its exits, or name one of them as \`referenceExit\`.`,
  });
}

/** @throws InputError `bad-config` for a model that only gives texts */
export function withWeights(model: SweepModel, where: string): MeasuredModel {
  if (isMeasuredModel(model)) return model;
  throw new InputError({
    code: 'bad-config',
    where,
    expected: 'a model in this process (`path: …`) or of a server of all exits (`server: …`)',
    found: `${model.name}, which only gives texts`,
    fix: 'Name another: only these give distributions over tokens.',
  });
}

/** Distributions stay where they are made: no client could carry them. */
function requireOnePlace({ model, reference }: Pick<Curve, 'model' | 'reference'>, where: string): void {
  const [place, other] = [model, reference].map(placeOf);
  if (place !== other)
    throw new InputError({
      code: 'bad-config',
      where,
      expected: 'a model and its reference in one place: both in this process, or on one server',
      found: `${model.name} ${place}, ${reference.name} ${other}`,
      fix: 'Serve both from one server, or use the checkpoints of both.',
    });
  if (!isServedModel(model)) return;
  const fix = 'Serve the models with scripts/serve, or remove the curve.';
  requireFeature(model.served.listed, 'kl', where, fix);
  requireContext({ model, reference }, where);
}

/** What the reference wrote must fit into the model; in this process the rest of it is left out. */
function requireContext({ model, reference }: Pick<Curve, 'model' | 'reference'>, where: string): void {
  const [own, others] = [model, reference].map((one) => shapeOf(one).contextLength) as [number, number];
  if (own >= others) return;
  throw new InputError({
    code: 'bad-config',
    where,
    expected: `a served model whose context has at least the ${others} tokens of its reference’s`,
    found: `${own} of ${model.name}`,
    fix: 'Remove the curve.',
  });
}

function placeOf(model: MeasuredModel): string {
  return isServedModel(model) ? `at ${model.served.server.baseUrl}` : 'in this process';
}

function notComparable({ model, reference }: CurveConfig, where: string, found: string): InputError {
  return new InputError({
    code: 'bad-config',
    where,
    expected: 'two models with one vocabulary',
    found: `${found} in ${model} and ${reference}`,
    fix: 'Remove the curve: distributions over different vocabularies cannot be compared.',
  });
}
