import { joinFloats } from '../cache/copy-floats.ts';
import { cacheShapeOf, KvCache } from '../cache/kv-cache.ts';
import { selectRows } from '../cache/select-rows.ts';
import type { Carrier } from '../carry/carrier.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { causalStep, type StepInput, stepwiseStep } from '../session/step-input.ts';
import type { UnevenRow } from './uneven-row.ts';

/** Most tokens of a row in one pass: the mask has a row of C + 1 numbers for each. */
const MAX_WAITING_TOKENS = 64;

/**
 * Sequences that run through the segments of a model one by one, any of them at a time. A token that stops before a
 * segment waits there; when the segment runs for its row, all that waits runs with it in one stepwise pass, so that
 * every state is the one that decoding alone would give, bit for bit. Guarded by
 * test/engine/dynamic/speculate.test.ts and test/engine/dynamic/adapt.test.ts.
 */
export class UnevenBatch<Row extends UnevenRow> {
  readonly #model: SegmentedModel;
  readonly #cache: KvCache;
  readonly #rows: Row[] = [];
  #lastStep: { readonly key: string; readonly step: StepInput } | undefined;

  /** @param model opened with `openStepwise` */
  constructor(model: SegmentedModel, size: number) {
    this.#model = model;
    this.#cache = new KvCache(cacheShapeOf(model.manifest), size);
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  get isFull(): boolean {
    return this.#rows.length === this.#cache.rows;
  }

  /** Adds a row whose first `row.length` tokens are in row `prefilledRow` of `prefilled`. */
  join(row: Row, prefilled: KvCache, prefilledRow: number): void {
    if (this.isFull) throw new Error('a row joined a full batch');
    this.#cache.reserve(row.length, this.#rows.length);
    this.#cache.copyRow(prefilled, prefilledRow, this.#rows.length, row.length, this.#layers);
    this.#rows.push(row);
  }

  /** Removes a row; the last one takes its place. */
  leave(row: Row): void {
    const place = this.#rows.indexOf(row);
    const last = this.#rows.pop();
    if (place < 0 || !last) throw new Error('a row left that was not in the batch');
    if (last === row) return;
    this.#cache.copyRow(this.#cache, this.#rows.length, place, last.length, this.#layers);
    this.#rows[place] = last;
  }

  /**
   * Runs a segment over all tokens that wait before it.
   * @param rows each with a waiting token at least
   * @returns for each row the states [tokens, D] after the segment
   */
  async run(segment: number, rows: readonly Row[]): Promise<Float32Array[]> {
    const states = await this.#runOnce(segment, rows);
    const open = rows.filter((row) => row.waitingAt(segment) > 0);
    if (open.length === 0) return states;
    const rest = await this.run(segment, open);
    return states.map((first, index) => {
      const place = open.indexOf(rows[index]!);
      return place < 0 ? first : joinFloats([first, rest[place]!]);
    });
  }

  /** Runs segments one after the other, `first` to `end` − 1; the states [tokens, D] after the last. */
  async runThrough(first: number, end: number, rows: readonly Row[]): Promise<Float32Array[]> {
    let states: Float32Array[] = [];
    for (let segment = first; segment < end; segment++) states = await this.run(segment, rows);
    return states;
  }

  /**
   * Lets the newest token of each row skip a segment: its keys and values there come from the state at which it left,
   * which waits before the next segment.
   * @param rows each with just one token that waits before the segment
   */
  async carry(segment: number, rows: readonly Row[], carrier: Carrier): Promise<void> {
    const lengths = rows.map((row) => row.lengthAt(segment));
    this.#cache.fit(Math.max(...lengths, ...this.#rows.map(({ length }) => length)) + 1, this.#rows.length);
    const states = this.#statesOf(
      segment,
      rows,
      rows.map(() => 1),
    );
    const present = await carrier.run(segment, states, lengths);
    const places = rows.map((row) => this.#rows.indexOf(row));
    this.#cache.append(present, lengths, 1, places);
    for (const [index, row] of rows.entries()) {
      row.advance(segment, 1, states.subarray(index * this.#hiddenSize, (index + 1) * this.#hiddenSize));
    }
  }

  /** One pass over the first tokens that wait. */
  async #runOnce(segment: number, rows: readonly Row[]): Promise<Float32Array[]> {
    const counts = rows.map((row) => Math.min(row.waitingAt(segment), MAX_WAITING_TOKENS));
    const queryLength = Math.max(...counts);
    const lengths = rows.map((row) => row.lengthAt(segment));
    this.#cache.fit(
      Math.max(...lengths, ...this.#rows.map(({ length }) => length)) + queryLength,
      this.#rows.length,
    );
    const places = rows.map((row) => this.#rows.indexOf(row));
    const step = this.#stepOf(lengths, queryLength, places);
    const input = segment === 0 ? idsOf(rows, counts, queryLength) : this.#statesOf(segment, rows, counts);
    const { hidden, present } = await this.#model.runSegment(segment, input, step);
    this.#cache.append(present, lengths, queryLength, places);
    return rows.map((row, index) => {
      const start = index * queryLength * this.#hiddenSize;
      const states = hidden.subarray(start, start + counts[index]! * this.#hiddenSize);
      row.advance(segment, counts[index]!, states);
      return states;
    });
  }

  /** Successive segments mostly run the same step: its masks are made once. */
  #stepOf(lengths: readonly number[], queryLength: number, places: readonly number[]): StepInput {
    const key = [this.#cache.capacity, queryLength, ...places, ...lengths].join();
    if (this.#lastStep?.key === key) return this.#lastStep.step;
    const { architecture } = this.#model.manifest;
    const past = selectRows(this.#cache, places);
    const step =
      queryLength === 1
        ? causalStep(architecture, lengths, 1, past)
        : stepwiseStep(architecture, lengths, queryLength, past);
    this.#lastStep = { key, step };
    return step;
  }

  /** Waiting states [rows, S, D]; rows with fewer are filled up. */
  #statesOf(segment: number, rows: readonly Row[], counts: readonly number[]): Float32Array {
    const floats = Math.max(...counts) * this.#hiddenSize;
    const input = new Float32Array(rows.length * floats);
    for (const [index, row] of rows.entries()) {
      input.set(row.takeStates(segment, counts[index]!), index * floats);
    }
    return input;
  }

  get #hiddenSize(): number {
    return this.#model.manifest.architecture.hiddenSize;
  }

  get #layers(): number {
    return this.#model.manifest.exits.at(-1)!;
  }
}

/** Waiting ids [rows, S]; rows with fewer are filled up with id 0. */
function idsOf(rows: readonly UnevenRow[], counts: readonly number[], queryLength: number): BigInt64Array {
  const input = new BigInt64Array(rows.length * queryLength);
  for (const [index, row] of rows.entries()) {
    input.set(row.takeIds(counts[index]!).map(BigInt), index * queryLength);
  }
  return input;
}
