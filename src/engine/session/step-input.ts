import type { Architecture } from '../../model/checkpoint/architecture.ts';
import { pastKey, pastValue } from '../../model/graphs/layer-signature.ts';
import type { KvCache } from '../cache/kv-cache.ts';
import type { RopeTables } from './rope.ts';
import type { FloatTensor, IntTensor } from './session.ts';

/** One pass of `rows` rows of `step` tokens through a segment. */
export interface StepInput {
  readonly rows: number;
  /** S: new tokens a row */
  readonly step: number;
  /** int64 [rows, step] */
  readonly positionIds: BigInt64Array;
  /** [rows, 1, step, capacity + step], 0 where a token may look and −∞ where not */
  readonly mask: Float32Array;
  /** Its first `rows` rows are the past. */
  readonly cache: KvCache;
  /** How tokens of a prompt turn (`ropeOf`); absent, they turn as decoded ones. */
  readonly rope?: RopeTables;
}

/** What every graph of layers is fed besides its tokens or hidden states. */
export function stepFeeds(
  { headDim, contextLength, kvHeads }: Architecture,
  layers: readonly number[],
  { rows, step: S, positionIds, mask, cache, rope }: StepInput & { readonly rope: RopeTables },
): Record<string, FloatTensor | IntTensor> {
  const table = [contextLength, headDim / 2];
  const feeds: Record<string, FloatTensor | IntTensor> = {
    position_ids: { data: positionIds, shape: [rows, S] },
    cos: { data: rope.cos, shape: table },
    sin: { data: rope.sin, shape: table },
    mask: { data: mask, shape: [rows, 1, 1, S, cache.capacity + S] },
  };
  const shape = [rows, kvHeads, 1, cache.capacity, headDim];
  for (const layer of layers) {
    const { keys, values } = cache.view(layer, rows);
    feeds[pastKey(layer)] = { data: keys, shape };
    feeds[pastValue(layer)] = { data: values, shape };
  }
  return feeds;
}
