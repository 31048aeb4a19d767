import { cacheShapeOf, KvCache, toCapacity } from '../cache/kv-cache.ts';
import { batchesOf, MAX_PASS_TOKENS } from '../session/batches.ts';
import type { RopeTables } from '../session/rope.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { causalStep } from '../session/step-input.ts';
import type { Continuation, StatesByExit } from './continuation.ts';
import { prefill } from './prefill.ts';

/** A context that was read. */
interface ReadContext {
  readonly ids: readonly number[];
  readonly cache: KvCache;
  readonly rope: RopeTables;
  /** By exit, the states [1, D] that predict the first token of every continuation. */
  readonly lastStates: StatesByExit;
}

/** A continuation behind the context that it shares with others. */
interface Row {
  readonly task: Continuation;
  readonly context: ReadContext;
}

/**
 * The states of continuations of at least one token each; a context is read once for all that have it.
 * @param batchSize continuations that go through the layers together
 */
export async function continueContexts(
  model: SegmentedModel,
  tasks: readonly Continuation[],
  exits: readonly number[],
  batchSize: number,
): Promise<Map<Continuation, StatesByExit>> {
  const contexts = new Map<string, ReadContext>();
  for (const { context } of tasks) {
    const key = context.join();
    if (!contexts.has(key)) contexts.set(key, await readContext(model, context, exits));
  }
  const rows = tasks.map((task): Row => ({ task, context: contexts.get(task.context.join())! }));
  // A continuation of one token needs no more than its context.
  const states = new Map(rows.map(({ task, context }) => [task, context.lastStates]));
  const longer = rows.filter(({ task }) => task.continuation.length > 1);
  for (const batch of batchesOf(longer, limitsOf(model, batchSize))) {
    const rest = await continueTogether(model, batch, exits);
    for (const [row, { task, context }] of batch.entries()) {
      states.set(task, joinStates(context.lastStates, rest, row, batch.length));
    }
  }
  return states;
}

async function readContext(
  model: SegmentedModel,
  ids: readonly number[],
  exits: readonly number[],
): Promise<ReadContext> {
  const all = model.manifest.exits;
  const segments = all.indexOf(Math.max(...exits)) + 1;
  const { cache, hidden } = await prefill(model, [ids], { segments, from: ids.length - 1 });
  const lastStates = new Map(exits.map((exit) => [exit, hidden[all.indexOf(exit)]!]));
  return { ids, cache, lastStates, rope: model.ropeOf(ids.length) };
}

/**
 * Rotary tables may depend on the context's length; a run takes one of them. Each row has the capacity that
 * it has alone: with several new tokens and heads of 256, the order of ONNX Runtime 1.30.0's sums depends on
 * the capacity. Guarded by test/engine/forced/teacher-force.test.ts.
 */
function limitsOf(model: SegmentedModel, maxItems: number) {
  const tokensOf = ({ task }: Row) => task.continuation.length;
  const sameKey = (row: Row) => {
    const { length } = row.context.ids;
    return [tokensOf(row), toCapacity(length), model.rotationOf(length)].join();
  };
  return { sameKey, tokensOf, maxTokens: MAX_PASS_TOKENS, maxItems };
}

/**
 * By exit, hidden states [rows, S, D] of the continuations' tokens without the last, which need not be read.
 */
async function continueTogether(
  model: SegmentedModel,
  rows: readonly Row[],
  exits: readonly number[],
): Promise<StatesByExit> {
  const { segments, architecture } = model.manifest;
  const deepest = Math.max(...exits);
  const lengths = rows.map(({ context }) => context.ids.length);
  const past = joinCaches(model, rows, deepest);
  const queryLength = rows[0]!.task.continuation.length - 1;
  const step = causalStep(architecture, lengths, queryLength, past, rows[0]!.context.rope);
  const ids = rows.flatMap(({ task }) => task.continuation.slice(0, -1));
  let input: BigInt64Array | Float32Array = BigInt64Array.from(ids, BigInt);
  const states = new Map<number, Float32Array>();
  for (const [index, { exit }] of segments.entries()) {
    if (exit > deepest) break;
    input = (await model.runSegment(index, input, step)).hidden;
    if (exits.includes(exit)) states.set(exit, input);
  }
  return states;
}

/** The contexts' keys and values, one row each, in the first `layers` layers. */
function joinCaches(model: SegmentedModel, rows: readonly Row[], layers: number): KvCache {
  const past = new KvCache(cacheShapeOf(model.manifest), rows.length);
  past.reserve(Math.max(...rows.map(({ context }) => context.ids.length)));
  for (const [row, { context }] of rows.entries()) {
    past.copyRow(context.cache, 0, row, context.ids.length, layers);
  }
  return past;
}

/** [1, D] and one row of [rows, S, D] → [1 + S, D], for each exit. */
function joinStates(first: StatesByExit, rest: StatesByExit, row: number, rows: number): StatesByExit {
  return new Map(
    [...first].map(([exit, start]) => {
      const size = rest.get(exit)!.length / rows;
      const joined = new Float32Array(start.length + size);
      joined.set(start);
      joined.set(rest.get(exit)!.subarray(row * size, (row + 1) * size), start.length);
      return [exit, joined] as const;
    }),
  );
}
