import type { SweepConfig } from '../../config/sweep-file.ts';
import type { Comparison } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import { partsOfDynamicName } from '../../core/sub-models.ts';
import { WARM_UP_STEPS } from '../../engine/greedy/decode-speed.ts';
import { isFolderModel } from '../../sources/folder-source.ts';
import type { SweepModel } from '../../sources/model-source.ts';
import { requireExit } from '../../sources/sources.ts';

/** What of a model comparisons are made of. */
type ComparedModels = ReadonlyMap<string, Pick<SweepModel, 'name' | 'exits'>>;

/**
 * The comparisons of a sweep file, in its order.
 * @param path of the sweep file, for the errors
 * @throws InputError `unknown-exit`
 */
export function planComparisons(
  { comparisons }: Pick<SweepConfig, 'comparisons'>,
  models: ComparedModels,
  path: string,
): Comparison[] {
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
function withDynamic(name: string, models: ComparedModels): string[] {
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

function usedExits(
  model: Pick<SweepModel, 'name' | 'exits'>,
  chosen: readonly number[] | undefined,
  where: string,
) {
  for (const exit of chosen ?? []) requireExit(model, exit, where);
  return chosen ?? model.exits;
}

/** @throws InputError `bad-config` if the timed steps do not fit into a model's context */
export function checkSpeed(
  { speed }: SweepConfig,
  models: ReadonlyMap<string, SweepModel>,
  path: string,
): void {
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
