import { KvCache } from '../cache/kv-cache.ts';
import { causalMask, positionsAfter } from '../session/mask.ts';
import type { RopeTables } from '../session/rope.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { forward, forwardAlong } from './forward.ts';

/** Tokens that go through the layers at once: bounds scores [rows, H, S, T]. */
const PASS_TOKENS = 512;

type Ids = readonly number[];

/** A prompt, and answers to it of at least one token each. */
export interface AnsweredPrompt {
  readonly promptIds: Ids;
  readonly answers: readonly Ids[];
}

export interface ForwardAnswersOptions {
  /** Run the first this many segments. */
  readonly segments: number;
  /** Answers that go through the layers together; changes the speed, never a result. */
  readonly batchSize: number;
}

/** A prompt that was read. */
interface ReadPrompt extends AnsweredPrompt {
  readonly cache: KvCache;
  readonly rope: RopeTables;
  /** For each answer the states that predict its tokens, [answer, D]; at first only its first token's. */
  readonly states: Float32Array[];
}

/** An answer that goes on from its prompt. */
interface Row {
  readonly prompt: ReadPrompt;
  /** Place in the prompt's answers. */
  readonly index: number;
  readonly ids: Ids;
}

/**
 * Teacher forcing of many answers to some prompts: for each answer of each prompt the hidden states after the last segment that
 * predict its tokens, [answer, D]. A prompt is read once for all its answers, and answers of equal length go through the layers
 * together. Rows do not touch each other and nothing is padded, so a result does not depend on what else is asked for.
 */
export async function forwardAnswers(
  model: SegmentedModel,
  prompts: readonly AnsweredPrompt[],
  { segments, batchSize }: ForwardAnswersOptions,
): Promise<readonly (readonly Float32Array[])[]> {
  const read: ReadPrompt[] = [];
  for (const prompt of prompts) read.push(await readPrompt(model, prompt, segments));
  // An answer of one token needs no more than its prompt.
  const rows = read.flatMap((prompt) =>
    prompt.answers.map((ids, index): Row => ({ prompt, index, ids })).filter(({ ids }) => ids.length > 1),
  );
  for (const batch of batchesOfEqualLength(rows, batchSize)) await readAnswers(model, batch, segments);
  return read.map(({ states }) => states);
}

async function readPrompt(
  model: SegmentedModel,
  prompt: AnsweredPrompt,
  segments: number,
): Promise<ReadPrompt> {
  const { promptIds, answers } = prompt;
  const { cache, hidden } = await forward(model, promptIds, { segments, from: promptIds.length - 1 });
  const states = answers.map(() => hidden.at(-1)!);
  return { ...prompt, cache, states, rope: model.ropeOf(promptIds.length) };
}

/** Rotary tables may depend on the prompt; a pass takes one of them. */
function batchesOfEqualLength(rows: readonly Row[], batchSize: number): Row[][] {
  const batches: Row[][] = [];
  for (const row of rows) {
    const { length } = row.ids;
    const size = Math.min(batchSize, Math.max(1, Math.floor(PASS_TOKENS / length)));
    const open = batches.find(
      (batch) =>
        batch.length < size && batch[0]!.ids.length === length && batch[0]!.prompt.rope === row.prompt.rope,
    );
    if (open) open.push(row);
    else batches.push([row]);
  }
  return batches;
}

/** Completes the states of answers of one length. */
async function readAnswers(model: SegmentedModel, rows: readonly Row[], segments: number): Promise<void> {
  const [{ prompt, ids, index }] = rows as [Row];
  if (ids.length > PASS_TOKENS) {
    prompt.states[index] = (await forwardAlong(model, prompt.promptIds, ids, segments)).at(-1)!;
    return;
  }
  const rest = await continueTogether(model, rows, segments);
  const length = rest.length / rows.length;
  for (const [place, row] of rows.entries()) {
    const first = row.prompt.states[row.index]!;
    const states = new Float32Array(first.length + length);
    states.set(first);
    states.set(rest.subarray(place * length, (place + 1) * length), first.length);
    row.prompt.states[row.index] = states;
  }
}

/** Hidden states [rows, ids − 1, D] of the answers' tokens without the last, which need not be read. */
async function continueTogether(
  model: SegmentedModel,
  rows: readonly Row[],
  segments: number,
): Promise<Float32Array> {
  const lengths = rows.map(({ prompt }) => prompt.promptIds.length);
  const cache = new KvCache(model.manifest.architecture, rows.length);
  cache.reserve(Math.max(...lengths));
  const layers = model.manifest.segments[segments - 1]!.exit;
  for (const [row, { prompt }] of rows.entries()) cache.copyRow(prompt.cache, 0, row, lengths[row]!, layers);
  const step = rows[0]!.ids.length - 1;
  const shared = {
    rows: rows.length,
    step,
    cache,
    rope: rows[0]!.prompt.rope,
    positionIds: positionsAfter(lengths, step),
    mask: causalMask(lengths, step, cache.capacity),
  };
  const read = rows.flatMap(({ ids }) => ids.slice(0, -1));
  let states: BigInt64Array | Float32Array = BigInt64Array.from(read, BigInt);
  for (let segment = 0; segment < segments; segment++) {
    states = (await model.runSegment(segment, states, shared)).hidden;
  }
  return states as Float32Array;
}
