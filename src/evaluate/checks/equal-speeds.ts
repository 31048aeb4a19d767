/** Whether sub-models that are one network in shape took the same time: their difference shows how far a speed can be trusted. */
import type { Architecture } from '../../model/checkpoint/architecture.ts';
import { headOfExit } from '../../model/folder/manifest.ts';
import { type FolderModel, isFolderModel } from '../../sources/folder-source.ts';
import { exitSpeedRead } from '../../store/read/exit-reads.ts';
import { read } from '../../store/read/read.ts';
import type { CheckRecord } from '../../store/tables/score-table.ts';
import type { ModelsContext } from '../plan/run-context.ts';

/** A sub-model's speed with its interval, in tokens per second. */
export interface TimedSubModel {
  /** `soft@5` */
  readonly name: string;
  readonly batchSize: number;
  /** Equal texts: layers, width and type of the numbers are equal. */
  readonly shape: string;
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Pairs that are written out. */
const MAX_SHOWN = 3;

/** A badge: a machine that was busy with something else breaks no run. */
export function equalSpeedsCheck(context: ModelsContext): CheckRecord | undefined {
  return compareSpeeds(timedSubModels(context));
}

/** `undefined` where no two of equal shape have intervals. */
export function compareSpeeds(timed: readonly TimedSubModel[]): CheckRecord | undefined {
  const pairs = timed.flatMap((one, index) =>
    timed.slice(index + 1).flatMap((other) => (isComparable(one, other) ? [[one, other] as const] : [])),
  );
  if (pairs.length === 0) return undefined;
  const apart = pairs.filter(([one, other]) => one.high < other.low || other.high < one.low);
  const shown = apart.slice(0, MAX_SHOWN).map(pairText);
  const rest = apart.length > shown.length ? [`and ${apart.length - shown.length} more`] : [];
  const found = [`${apart.length} of ${pairs.length} pairs have intervals apart`, ...shown, ...rest];
  return {
    name: 'sub-models of equal shape are equally fast',
    passed: apart.length === 0,
    detail: `${found.join('; ')} (shown only: it does not decide the exit code)`,
    isBadge: true,
  };
}

const isComparable = (one: TimedSubModel, other: TimedSubModel) =>
  one.shape === other.shape && one.batchSize === other.batchSize;

function pairText([one, other]: readonly [TimedSubModel, TimedSubModel]): string {
  return `${speedText(one)} and ${speedText(other)} tokens/s at batch ${one.batchSize}`;
}

const speedText = ({ name, median, low, high }: TimedSubModel) =>
  `${name} ${median.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)})`;

function timedSubModels({ store, run, models }: ModelsContext): TimedSubModel[] {
  return read(store, exitSpeedRead(run)).flatMap(({ model: name, exit, ciLow, ciHigh, ...speed }) => {
    const model = models.get(name);
    if (model === undefined || !isFolderModel(model) || model.dynamic || ciLow === null || ciHigh === null)
      return [];
    const { batchSize, tokensPerSecond: median } = speed;
    const shape = shapeOf(model, exit);
    return [{ name: `${name}@${exit}`, batchSize, shape, median, low: ciLow, high: ciHigh }];
  });
}

/** What decoding at an exit computes: the layers above it play no part. */
function shapeOf({ manifest }: FolderModel, exit: number): string {
  const { architecture, precision, exits } = manifest;
  const sizes = SIZES.map((size) => architecture[size]);
  const { head } = headOfExit(manifest, exit, 'exit');
  return JSON.stringify([exit, exits.indexOf(exit), precision, head.dtype, ...sizes]);
}

const SIZES = [
  ...(['hiddenSize', 'intermediateSize', 'heads', 'kvHeads', 'headDim', 'vocabSize'] as const),
  ...(['biases', 'norm', 'activation', 'attentionWindow', 'headNorms'] as const),
] satisfies readonly (keyof Architecture)[];
