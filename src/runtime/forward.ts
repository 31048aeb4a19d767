import { KvCache } from './kv-cache.ts';
import { causalMask, positionsAfter } from './mask.ts';
import type { Network } from './network.ts';
import type { RopeTables } from './rope.ts';

/** Long prompts go through in pieces of this many tokens, so that scores take [H, 512, T] and not [H, T, T]. */
const CHUNK_TOKENS = 512;

export interface ForwardResult {
  /** One row: keys and values of all tokens in the layers that ran. */
  readonly cache: KvCache;
  /** For each segment that ran, hidden states after it of the tokens from `from` on: [ids − from, D]. */
  readonly hidden: readonly Float32Array[];
}

export interface ForwardOptions {
  /** Run the first this many segments. */
  readonly segments: number;
  /** First token whose hidden states are kept. */
  readonly from: number;
  /** Tokens that were read at once; those after them were decoded. Otherwise all. It matters to `dynamic` rope alone. */
  readonly promptTokens?: number;
  /** Tokens a pass; the result does not depend on it beyond rounding. */
  readonly chunkTokens?: number;
}

/**
 * Teacher forcing: for each segment the hidden states that predict each token of an answer, [answer, D]. They are those
 * that decoding the answer would have.
 */
export async function forwardAlong(
  network: Network,
  promptIds: readonly number[],
  answerIds: readonly number[],
  segments: number,
): Promise<readonly Float32Array[]> {
  // The state at the prompt's last token predicts the first one; the answer's last token need not be read.
  const ids = [...promptIds, ...answerIds.slice(0, -1)];
  const promptTokens = promptIds.length;
  return (await forward(network, ids, { segments, from: promptTokens - 1, promptTokens })).hidden;
}

/**
 * Runs a whole sequence through the network once; every exit's hidden states come out of the same pass. One sequence at
 * a time and unpadded, so that the result cannot depend on what else is in flight.
 */
export async function forward(
  network: Network,
  ids: readonly number[],
  { segments, from, promptTokens = ids.length, chunkTokens = CHUNK_TOKENS }: ForwardOptions,
): Promise<ForwardResult> {
  const { hiddenSize } = network.manifest.architecture;
  const cache = new KvCache(network.manifest.architecture, 1);
  const rope = network.ropeOf(promptTokens);
  const hidden = Array.from({ length: segments }, () => new Float32Array((ids.length - from) * hiddenSize));
  for (let start = 0; start < ids.length; start += chunkTokens) {
    const chunk = ids.slice(start, start + chunkTokens);
    const outputs = await forwardChunk(network, chunk, { start, cache, rope, segments });
    const skipped = Math.max(0, from - start);
    if (skipped >= chunk.length) continue;
    const target = Math.max(0, start - from) * hiddenSize;
    outputs.forEach((output, index) => {
      hidden[index]!.set(output.subarray(skipped * hiddenSize), target);
    });
  }
  return { cache, hidden };
}

/** Hidden states after each segment for the chunk's tokens, [chunk, D] each; the cache grows by the chunk. */
async function forwardChunk(
  network: Network,
  chunk: readonly number[],
  { start, cache, rope, segments }: { start: number; cache: KvCache; rope: RopeTables; segments: number },
): Promise<Float32Array[]> {
  const step = chunk.length;
  const shared = {
    rows: 1,
    step,
    cache,
    rope,
    positionIds: positionsAfter([start], step),
    mask: causalMask([start], step, cache.capacity),
  };
  const outputs: Float32Array[] = [];
  const fresh = [];
  for (let segment = 0; segment < segments; segment++) {
    const input = outputs.at(-1) ?? BigInt64Array.from(chunk, BigInt);
    const output = await network.runSegment(segment, input, shared);
    outputs.push(output.hidden);
    fresh.push(...output.fresh);
  }
  // Stored only now: until the last segment has run, the cache must keep the capacity that the mask was made for.
  cache.reserve(start + step);
  for (const layer of fresh) cache.append(layer.layer, 0, start, layer, 0, step);
  return outputs;
}
