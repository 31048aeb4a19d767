import type { CurveConfig, SweepConfig } from '../../config/sweep-file.ts';
import type { Comparison } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import { partsOfDynamicName } from '../../core/sub-models.ts';
import { WARM_UP_STEPS } from '../../engine/greedy/decode-speed.ts';
import { type FolderModel, isFolderModel } from '../../sources/folder-source.ts';
import type { SweepModel } from '../../sources/model-source.ts';
import { requireExit } from '../../sources/sources.ts';
import { vocabularyDifference } from './vocabulary.ts';

type Models = ReadonlyMap<string, SweepModel>;

/** A KL curve: all exits of one model against one sub-model. */
export interface Curve {
  readonly name: string;
  readonly model: FolderModel;
  readonly reference: FolderModel;
  readonly referenceExit: number;
  /** Output positions that are measured, at most. */
  readonly positions: number;
}

/**
 * The comparisons of a sweep file, in its order.
 * @param path of the sweep file, for the errors
 * @throws InputError `unknown-exit`
 */
export function planComparisons({ comparisons }: SweepConfig, models: Models, path: string): Comparison[] {
  return comparisons.flatMap(({ a, b, exitsA, exitsB }, index) => {
    const where = `${path}: comparisons.${index}`;
    const used = {
      a: usedExits(models.get(a)!, exitsA, `${where}.exitsA`),
      b: usedExits(models.get(b)!, exitsB, `${where}.exitsB`),
    };
    const pairs = pairsOf(exitsA ? [a] : withDynamic(a, models), exitsB ? [b] : withDynamic(b, models));
    return pairs.map(([modelA, modelB]) => ({
      name: `${modelA} against ${modelB}`,
      modelA,
      modelB,
      exitsA: modelA === a ? used.a : models.get(modelA)!.exits,
      exitsB: modelB === b ? used.b : models.get(modelB)!.exits,
    }));
  });
}

/** A model, and those beside it that choose their depth token by token. */
function withDynamic(name: string, models: Models): string[] {
  return [name, ...[...models.keys()].filter((other) => partsOfDynamicName(other)?.model === name)];
}

/** The models themselves, each with the other's dynamic ones, and dynamic ones that are alike. */
function pairsOf(as: readonly string[], bs: readonly string[]): (readonly [string, string])[] {
  const dynamicOf = (name: string) => partsOfDynamicName(name)?.dynamic;
  return as.flatMap((a) =>
    bs.flatMap((b) => {
      const [ofA, ofB] = [dynamicOf(a), dynamicOf(b)];
      return ofA === undefined || ofB === undefined || ofA === ofB ? [[a, b] as const] : [];
    }),
  );
}

function usedExits(model: SweepModel, chosen: readonly number[] | undefined, where: string) {
  for (const exit of chosen ?? []) requireExit(model, exit, where);
  return chosen ?? model.exits;
}

/** @throws InputError `bad-config` if the timed steps do not fit into a model's context */
export function checkSpeed({ speed }: SweepConfig, models: Models, path: string): void {
  for (const { name, manifest } of [...models.values()].filter(isFolderModel)) {
    const room = manifest.architecture.contextLength - WARM_UP_STEPS - 1;
    if (speed.steps <= room) continue;
    throw new InputError({
      code: 'bad-config',
      where: `${path}: speed.steps`,
      expected: `at most ${room} steps, which fit into the context of ${name}`,
      found: `${speed.steps}`,
      fix: 'Time fewer steps.',
    });
  }
}

/**
 * The KL curves of a sweep file, in its order.
 * @throws InputError `unknown-exit`, or `bad-config` if two models have different vocabularies
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
  return { name: `${model.name} from ${reference.name}@${referenceExit}`, model, reference, referenceExit };
}

/**
 * The last exit, which stands for the model itself where no exit is named.
 * @throws InputError `unknown-exit` where it is not the whole network
 */
export function fullDepthOf({ exits, manifest, name }: FolderModel, where: string): number {
  const { layers } = manifest.architecture;
  if (exits.at(-1) === layers) return layers;
  throw new InputError({
    code: 'unknown-exit',
    where,
    expected: `full depth (exit ${layers}) among the exits of ${name}, or a \`referenceExit\``,
    found: `[${exits.join(', ')}]`,
    fix: `Add ${layers} to its exits, or name one of them as \`referenceExit\`.`,
  });
}

/** @throws InputError `bad-config` for a model that does not run in this process */
export function withWeights(model: SweepModel, where: string): FolderModel {
  if (isFolderModel(model)) return model;
  throw new InputError({
    code: 'bad-config',
    where,
    expected: 'a model that runs in this process (`path: …`)',
    found: `${model.name}, which only gives texts`,
    fix: 'Name another: only models in this process give distributions over tokens.',
  });
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
