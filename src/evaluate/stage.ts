/** The skeleton of every stage that computes: what is stored is settled first, then the rest is computed and stored in units. */

import type { Progress } from '../core/progress.ts';
import type { MissingResults } from './checks/missing.ts';
import type { RunContext } from './plan/run-context.ts';

/** What every stage needs. */
export interface StageContext extends RunContext {
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
  /** Called at the end of each stage. */
  readonly onStage?: ((counts: StageCounts) => void) | undefined;
}

export type StageOptions = Pick<StageContext, 'progress' | 'signal' | 'onStage'>;

/** What a stage found stored, and what it added. */
export interface StageCounts {
  /** `SFT: answers` */
  readonly stage: string;
  readonly total: number;
  readonly known: number;
  readonly computed: number;
}

/** Nothing is stored for a failed item, so that the next run tries it again. */
export interface Failure {
  /** Why, in a few words. */
  readonly error: string;
}

/** Work on items whose results are stored under content keys. */
export interface Stage<Item, Result extends object> {
  /** As the progress shows it. */
  readonly label: string;
  readonly items: readonly Item[];
  /** Content keys of an item's results. An item is known if all of them are stored. */
  readonly keysOf: (item: Item) => readonly string[];
  /** Those of `keys` that are stored. */
  readonly known: (keys: readonly string[]) => ReadonlySet<string>;
  /** Makes the results of known items the run's. */
  readonly settle?: (known: readonly Item[]) => void;
  /** Results of the other items in any order, in the units in which they are saved. */
  readonly compute: (
    open: readonly Item[],
    signal?: AbortSignal,
  ) => AsyncIterable<readonly (Result | Failure)[]>;
  /** Writes a unit in one transaction, so that a killed run loses nothing that was saved and repeats nothing. */
  readonly save: (results: readonly Result[]) => void;
}

/**
 * Computes what is not stored yet.
 * @returns the items without a result, and why; not noted on the progress
 * @throws what `compute` throws; the units before it are saved
 */
export async function runStage<Item, Result extends object>(
  stage: Stage<Item, Result>,
  { progress, signal, onStage }: StageOptions,
): Promise<MissingResults> {
  const { label, items } = stage;
  const known = stage.known(items.flatMap(stage.keysOf));
  const isKnown = (item: Item) => stage.keysOf(item).every((key) => known.has(key));
  const settled = items.filter(isKnown);
  stage.settle?.(settled);
  const reasons: string[] = [];
  const open = items.filter((item) => !isKnown(item));
  if (open.length > 0) progress.note(`${label}: ${settled.length} known, ${open.length} new`);
  const task = progress.start(label, items.length, settled.length);
  let computed = 0;
  try {
    const units = open.length > 0 ? stage.compute(open, signal) : [];
    for await (const unit of units) {
      const results = unit.filter((result): result is Result => !isFailure(result));
      stage.save(results);
      task.advance(results.length);
      computed += results.length;
      reasons.push(...unit.filter(isFailure).map(({ error }) => error));
    }
  } finally {
    task.end();
  }
  onStage?.({ stage: label, total: items.length, known: settled.length, computed });
  return { label, total: items.length, reasons };
}

const isFailure = (result: object): result is Failure => 'error' in result;

/** Whatever took this long is stored, however little it is: a killed run must not pay for it again. */
const MAX_WAIT_MS = 5000;

/**
 * Collects items into units of `size`; the last one, and those of items that come slowly, may be smaller. What came before
 * an error is a unit too, and then the error is thrown: an interrupted stage stores what it has.
 */
export async function* inUnits<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let unit: Item[] = [];
  let lastAt = performance.now();
  try {
    for await (const item of items) {
      unit.push(item);
      if (unit.length < size && performance.now() - lastAt < MAX_WAIT_MS) continue;
      const full = unit;
      unit = [];
      lastAt = performance.now();
      yield full;
    }
  } catch (error) {
    if (unit.length > 0) yield unit;
    throw error;
  }
  if (unit.length > 0) yield unit;
}
