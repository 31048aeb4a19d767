import { KvCache } from '../cache/kv-cache.ts';
import { causalMask, positionsAfter } from '../session/mask.ts';
import type { RopeTables } from '../session/rope.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';

/** Long prompts go through in pieces of this many tokens, so that scores take [H, 512, T] and not [H, T, T]. */
const CHUNK_TOKENS = 512;

export interface ForwardResult {
  /** One row for each sequence: keys and values of all tokens in the layers that ran. */
  readonly cache: KvCache;
  /** For each segment that ran, hidden states after it of the tokens from `from` on: [sequences, ids − from, D]. */
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

/** A prompt, and an answer to it of at least one token that is given and not decoded. */
export interface Passage {
  readonly promptIds: readonly number[];
  readonly answerIds: readonly number[];
}

/**
 * Teacher forcing: for each segment the hidden states that predict each token of an answer, [answer, D]. They are those
 * that decoding the answer would have.
 */
export async function forwardAlong(
  model: SegmentedModel,
  promptIds: readonly number[],
  answerIds: readonly number[],
  segments: number,
): Promise<readonly Float32Array[]> {
  return (await forwardAlongTogether(model, [{ promptIds, answerIds }], segments))[0]!;
}

/**
 * The same for several passages of one length; each has the states that it has alone, bit for bit. Where rotation depends
 * on the prompt's length, that must be one too.
 */
export async function forwardAlongTogether(
  model: SegmentedModel,
  passages: readonly Passage[],
  segments: number,
): Promise<readonly (readonly Float32Array[])[]> {
  const { hiddenSize } = model.manifest.architecture;
  // The state at the prompt's last token predicts the first one; the answer's last token need not be read.
  const sequences = passages.map(({ promptIds, answerIds }) => [...promptIds, ...answerIds.slice(0, -1)]);
  const starts = passages.map(({ promptIds }) => promptIds.length - 1);
  const from = Math.min(...starts);
  const options = { segments, from, promptTokens: passages[0]!.promptIds.length };
  const { hidden } = await forwardTogether(model, sequences, options);
  const kept = sequences[0]!.length - from;
  return starts.map((start, row) =>
    hidden.map((states) => {
      return states.subarray((row * kept + start - from) * hiddenSize, (row + 1) * kept * hiddenSize);
    }),
  );
}

/** Runs a whole sequence through the network once; every exit's hidden states come out of the same pass. */
export function forward(
  model: SegmentedModel,
  ids: readonly number[],
  options: ForwardOptions,
): Promise<ForwardResult> {
  return forwardTogether(model, [ids], options);
}

/**
 * The same for several sequences of one length. Unpadded, so that a result does not depend on what else is in flight: a
 * sequence's states are those that it has alone, bit for bit.
 */
export async function forwardTogether(
  model: SegmentedModel,
  sequences: readonly (readonly number[])[],
  { segments, from, promptTokens = sequences[0]!.length, chunkTokens = CHUNK_TOKENS }: ForwardOptions,
): Promise<ForwardResult> {
  const { architecture } = model.manifest;
  const length = sequences[0]!.length;
  const cache = new KvCache(architecture, sequences.length);
  const rope = model.ropeOf(promptTokens);
  const size = sequences.length * (length - from) * architecture.hiddenSize;
  const hidden = Array.from({ length: segments }, () => new Float32Array(size));
  for (let start = 0; start < length; start += chunkTokens) {
    const chunk = sequences.map((ids) => ids.slice(start, start + chunkTokens));
    const outputs = await forwardChunk(model, chunk, { start, cache, rope, segments });
    const place = { start, from, length, hiddenSize: architecture.hiddenSize };
    for (const [index, output] of outputs.entries()) keep(output, sequences.length, hidden[index]!, place);
  }
  return { cache, hidden };
}

/** Hidden states after each segment for the chunk's tokens, [rows, chunk, D] each; the cache grows by the chunk. */
async function forwardChunk(
  model: SegmentedModel,
  chunk: readonly (readonly number[])[],
  { start, cache, rope, segments }: { start: number; cache: KvCache; rope: RopeTables; segments: number },
): Promise<Float32Array[]> {
  const step = chunk[0]!.length;
  const starts = chunk.map(() => start);
  const shared = {
    rows: chunk.length,
    step,
    cache,
    rope,
    positionIds: positionsAfter(starts, step),
    mask: causalMask(starts, step, cache.capacity),
  };
  const outputs: Float32Array[] = [];
  const present = [];
  for (let segment = 0; segment < segments; segment++) {
    const input = outputs.at(-1) ?? BigInt64Array.from(chunk.flat(), BigInt);
    const output = await model.runSegment(segment, input, shared);
    outputs.push(output.hidden);
    present.push(...output.present);
  }
  // Stored only now: until the last segment has run, the cache must keep the capacity that the mask was made for.
  cache.reserve(start + step);
  for (const layer of present) {
    for (let row = 0; row < chunk.length; row++) cache.append(layer.layer, row, start, layer, row, step);
  }
  return outputs;
}

/** Copies the states of a chunk's tokens from `from` on to their places in [rows, length − from, D]. */
function keep(
  output: Float32Array,
  rows: number,
  target: Float32Array,
  { start, from, length, hiddenSize }: { start: number; from: number; length: number; hiddenSize: number },
): void {
  const step = output.length / rows / hiddenSize;
  const skipped = Math.max(0, from - start);
  const offset = Math.max(0, start - from);
  for (let row = 0; skipped < step && row < rows; row++) {
    const states = output.subarray((row * step + skipped) * hiddenSize, (row + 1) * step * hiddenSize);
    target.set(states, (row * (length - from) + offset) * hiddenSize);
  }
}
