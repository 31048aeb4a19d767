import { forward, forwardAlong } from './forward.ts';
import { KvCache } from './kv-cache.ts';
import { causalMask, positionsAfter } from './mask.ts';
import type { Network } from './network.ts';

/** Tokens that go through the layers at once: bounds scores [rows, H, S, T]. */
const PASS_TOKENS = 512;

type Ids = readonly number[];

/**
 * Teacher forcing of many answers to one prompt: for each, the hidden states after the last of `segments` that predict its
 * tokens, [answer, D]. The prompt is read once, and answers of equal length go through the layers together. Rows of a batch do
 * not touch each other and nothing is padded, so a result does not depend on which answers are asked about with it.
 * @param answers at least one token each
 */
export async function forwardAnswers(
  network: Network,
  promptIds: Ids,
  answers: readonly Ids[],
  segments: number,
): Promise<readonly Float32Array[]> {
  const { cache, hidden } = await forward(network, promptIds, { segments, from: promptIds.length - 1 });
  const first = hidden.at(-1)!;
  // An answer of one token needs no more.
  const states = answers.map(() => first);
  const prompt = { cache, tokens: promptIds.length, segments };
  for (const rows of batchesOfEqualLength(answers)) {
    const length = answers[rows[0]!]!.length;
    if (length > PASS_TOKENS) {
      states[rows[0]!] = (await forwardAlong(network, promptIds, answers[rows[0]!]!, segments)).at(-1)!;
    } else if (length > 1) {
      // An answer's last token need not be read.
      const read = rows.map((row) => answers[row]!.slice(0, -1));
      const rest = await readTogether(network, prompt, read);
      for (const [index, row] of rows.entries())
        states[row] = joined(first, partOf(rest, index, rows.length));
    }
  }
  return states;
}

/** Indices of answers of one length, as many as go through at once. */
function batchesOfEqualLength(answers: readonly Ids[]): number[][] {
  const byLength = new Map<number, number[]>();
  for (const [index, { length }] of answers.entries())
    byLength.set(length, [...(byLength.get(length) ?? []), index]);
  return [...byLength].flatMap(([length, indices]) => {
    const size = Math.max(1, Math.floor(PASS_TOKENS / length));
    const batches = Math.ceil(indices.length / size);
    return Array.from({ length: batches }, (_, batch) => indices.slice(batch * size, (batch + 1) * size));
  });
}

/** Hidden states [rows, step, D] after the last segment for rows of equal length that go on from one prompt. */
async function readTogether(
  network: Network,
  prompt: { readonly cache: KvCache; readonly tokens: number; readonly segments: number },
  rows: readonly Ids[],
): Promise<Float32Array> {
  const cache = new KvCache(network.manifest.architecture, rows.length);
  cache.reserve(prompt.tokens);
  const layers = network.manifest.segments[prompt.segments - 1]!.exit;
  for (const row of rows.keys()) cache.copyRow(prompt.cache, 0, row, prompt.tokens, layers);
  const step = rows[0]!.length;
  const lengths = rows.map(() => prompt.tokens);
  const shared = {
    rows: rows.length,
    step,
    cache,
    rope: network.ropeOf(prompt.tokens),
    positionIds: positionsAfter(lengths, step),
    mask: causalMask(lengths, step, cache.capacity),
  };
  let states: BigInt64Array | Float32Array = BigInt64Array.from(rows.flat(), BigInt);
  for (let segment = 0; segment < prompt.segments; segment++) {
    states = (await network.runSegment(segment, states, shared)).hidden;
  }
  return states as Float32Array;
}

function partOf(values: Float32Array, index: number, parts: number): Float32Array {
  const length = values.length / parts;
  return values.subarray(index * length, (index + 1) * length);
}

function joined(first: Float32Array, rest: Float32Array): Float32Array {
  const all = new Float32Array(first.length + rest.length);
  all.set(first);
  all.set(rest, first.length);
  return all;
}
