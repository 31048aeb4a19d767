import { cacheShapeOf, KvCache } from '../cache/kv-cache.ts';
import { MAX_PASS_TOKENS } from '../session/batches.ts';
import type { PresentKeysValues } from '../session/layer-session.ts';
import type { RopeTables } from '../session/rope.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { causalStep } from '../session/step-input.ts';

export interface PrefillResult {
  /** One row for each sequence: keys and values of all tokens in the layers that ran. */
  readonly cache: KvCache;
  /**
   * For each segment that ran, hidden states after it of the tokens from `from` on: [sequences, length −
   * from, D].
   */
  readonly hidden: readonly Float32Array[];
}

export interface PrefillOptions {
  /** Run the first this many segments. */
  readonly segments: number;
  /** First token whose hidden states are kept. */
  readonly from: number;
  /**
   * Tokens that were read at once; those after them were decoded. Default: all. It matters to `dynamic` rope
   * alone.
   */
  readonly promptTokens?: number;
  /**
   * Tokens of each sequence in one run, so that scores take [H, 512, T] and not [H, T, T]; changes rounding
   * alone.
   */
  readonly chunkTokens?: number;
  /** The first tokens of the only sequence, read before: whole chunks of it, none of them kept as states. */
  readonly known?: { readonly cache: KvCache; readonly tokens: number } | undefined;
}

/**
 * Reads whole sequences of one length; every exit's hidden states come out of the same runs. Nothing is
 * padded: each sequence has the states that it has alone, bit for bit (ONNX Runtime 1.30.0; guarded by
 * test/engine/prefill-together.test.ts).
 * @throws InputError `bad-checkpoint` for an id beyond the vocabulary
 */
export async function prefill(
  model: SegmentedModel,
  sequences: readonly (readonly number[])[],
  options: PrefillOptions,
): Promise<PrefillResult> {
  const { length } = sequences[0]!;
  const { segments, from, promptTokens = length, chunkTokens = MAX_PASS_TOKENS, known } = options;
  const { hiddenSize } = model.manifest.architecture;
  const cache = new KvCache(cacheShapeOf(model.manifest), sequences.length);
  const rope = model.ropeOf(promptTokens);
  const size = sequences.length * (length - from) * hiddenSize;
  const hidden = Array.from({ length: segments }, () => new Float32Array(size));
  if (known) {
    cache.reserve(known.tokens);
    cache.copyRow(known.cache, 0, 0, known.tokens, model.manifest.segments[segments - 1]!.exit);
  }
  for (let start = known?.tokens ?? 0; start < length; start += chunkTokens) {
    const chunk = sequences.map((ids) => ids.slice(start, start + chunkTokens));
    const outputs = await prefillChunk(model, chunk, { start, cache, rope, segments });
    const place = { rows: sequences.length, start, from, length, hiddenSize };
    for (const [index, output] of outputs.entries()) keepStates(output, hidden[index]!, place);
  }
  return { cache, hidden };
}

interface ChunkPlace {
  /** Tokens of each row before the chunk. */
  readonly start: number;
  readonly cache: KvCache;
  readonly rope: RopeTables;
  readonly segments: number;
}

/**
 * Hidden states after each segment for the chunk's tokens, [rows, chunk, D] each; the cache grows by the
 * chunk.
 */
async function prefillChunk(
  model: SegmentedModel,
  chunk: readonly (readonly number[])[],
  { start, cache, rope, segments }: ChunkPlace,
): Promise<Float32Array[]> {
  const queryLength = chunk[0]!.length;
  const lengths = chunk.map(() => start);
  const step = causalStep(model.manifest.architecture, lengths, queryLength, cache, rope);
  const outputs: Float32Array[] = [];
  const present: PresentKeysValues[] = [];
  for (let segment = 0; segment < segments; segment++) {
    const input = outputs.at(-1) ?? BigInt64Array.from(chunk.flat(), BigInt);
    const output = await model.runSegment(segment, input, step);
    outputs.push(output.hidden);
    present.push(...output.present);
  }
  // Stored only now: until the last segment has run, the cache must keep the capacity that the mask was made
  // for.
  cache.reserve(start + queryLength);
  cache.append(present, lengths, queryLength);
  return outputs;
}

interface StatesPlace {
  readonly rows: number;
  /** The chunk's first token. */
  readonly start: number;
  readonly from: number;
  readonly length: number;
  readonly hiddenSize: number;
}

/**
 * Copies the states [rows, chunk, D] of a chunk's tokens from `from` on to their places in [rows, length −
 * from, D].
 */
function keepStates(
  output: Float32Array,
  target: Float32Array,
  { rows, start, from, length, hiddenSize }: StatesPlace,
): void {
  const tokens = output.length / rows / hiddenSize;
  const skipped = Math.max(0, from - start);
  const offset = Math.max(0, start - from);
  for (let row = 0; skipped < tokens && row < rows; row++) {
    const states = output.subarray((row * tokens + skipped) * hiddenSize, (row + 1) * tokens * hiddenSize);
    target.set(states, (row * (length - from) + offset) * hiddenSize);
  }
}
