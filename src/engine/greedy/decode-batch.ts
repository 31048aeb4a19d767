import { cacheShapeOf, KvCache } from '../cache/kv-cache.ts';
import type { LayerOutput } from '../session/layer-session.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { causalStep } from '../session/step-input.ts';

/** A row of the batch: one response in the making. */
export interface DecodeRow {
  /** Segments that the row runs through before its head. */
  readonly segments: number;
  readonly headFile: string;
  /** Tokens in the cache. */
  length: number;
  /** The newest token, not in the cache yet. */
  lastToken: number;
}

/**
 * Next tokens [N] after hidden states [N, D] of N rows with one head. Default: the most likely ones.
 */
export type TokenChoice<Row> = (
  headFile: string,
  rows: readonly Row[],
  hidden: Float32Array,
) => Promise<readonly number[]>;

/**
 * Rows that decode together, each to its own depth. They stay ordered by depth, deepest first, so that the
 * rows that are alive after a segment are always the first ones: a prefix of every buffer, which needs no
 * copying.
 */
export class DecodeBatch<Row extends DecodeRow> {
  readonly #model: SegmentedModel;
  readonly #cache: KvCache;
  readonly #choose: TokenChoice<Row>;
  readonly #rows: Row[] = [];

  constructor(model: SegmentedModel, size: number, choose?: TokenChoice<Row>) {
    this.#model = model;
    this.#choose = choose ?? ((headFile, _rows, hidden) => model.nextTokens(headFile, hidden));
    this.#cache = new KvCache(cacheShapeOf(model.manifest), size);
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Rows that it has room for. */
  get size(): number {
    return this.#cache.rows;
  }

  get isFull(): boolean {
    return this.#rows.length === this.size;
  }

  /** Adds a row whose first `row.length` tokens are in row `prefilledRow` of `prefilled`. */
  join(row: Row, prefilled: KvCache, prefilledRow = 0): void {
    if (this.isFull) throw new Error('a row joined a full batch');
    this.#cache.reserve(row.length);
    let hole = this.#rows.length;
    while (hole > 0 && this.#rows[hole - 1]!.segments < row.segments) {
      const firstOfGroup = this.#groupStart(hole - 1);
      this.#move(firstOfGroup, hole);
      hole = firstOfGroup;
    }
    this.#rows[hole] = row;
    this.#cache.copyRow(prefilled, prefilledRow, hole, row.length, this.#layersOf(row));
  }

  /**
   * Puts a row in the place of a finished one; both must have one depth, so that no other row has to move.
   */
  replace(row: Row, next: Row, prefilled: KvCache, prefilledRow = 0): void {
    const place = this.#rows.indexOf(row);
    if (row.segments !== next.segments || place < 0)
      throw new Error('a row was to replace one of another depth');
    this.#cache.reserve(next.length);
    this.#rows[place] = next;
    this.#cache.copyRow(prefilled, prefilledRow, place, next.length, this.#layersOf(next));
  }

  /** Removes a finished row; the last row of each shallower group moves up into the gap. */
  leave(row: Row): void {
    let hole = this.#rows.indexOf(row);
    if (hole < 0) throw new Error('a row left that was not in the batch');
    while (hole < this.#rows.length - 1) {
      const next = this.#groupEnd(hole) - 1;
      // The row after the hole's group is the first of a shallower one once the hole is that group's last
      // row.
      const from = next > hole ? next : this.#groupEnd(hole + 1) - 1;
      this.#move(from, hole);
      hole = from;
    }
    this.#rows.pop();
  }

  /** Runs one step: the next token of every row, in the order of `rows`. */
  async step(): Promise<number[]> {
    const rows = this.#rows;
    const lengths = rows.map((row) => row.length);
    this.#cache.fit(Math.max(...lengths) + 1, rows.length);
    const exitHidden = await this.#runSegments(lengths);
    for (const row of rows) row.length += 1;
    return this.#runHeads(exitHidden);
  }

  /** Hidden state of each row at its own exit, [rows, D]. */
  async #runSegments(lengths: readonly number[]): Promise<Float32Array> {
    const { architecture } = this.#model.manifest;
    const { hiddenSize } = architecture;
    const step = causalStep(architecture, lengths, 1, this.#cache);
    const maskWidth = this.#cache.capacity + 1;
    const exitHidden = new Float32Array(this.#rows.length * hiddenSize);
    let input: BigInt64Array | Float32Array = BigInt64Array.from(this.#rows, (row) => BigInt(row.lastToken));
    for (let segment = 0; ; segment++) {
      const alive = this.#aliveAt(segment);
      if (alive === 0) return exitHidden;
      const output: LayerOutput = await this.#model.runSegment(segment, input, {
        ...step,
        rows: alive,
        positionIds: step.positionIds.subarray(0, alive),
        mask: step.mask.subarray(0, alive * maskWidth),
        windowMask: step.windowMask?.subarray(0, alive * maskWidth),
      });
      this.#cache.append(output.present, lengths.slice(0, alive), 1);
      const next = this.#aliveAt(segment + 1);
      exitHidden.set(output.hidden.subarray(next * hiddenSize), next * hiddenSize);
      input = output.hidden.subarray(0, next * hiddenSize);
    }
  }

  /**
   * Next tokens [rows] after hidden states [rows, D]. Rows with one head are neighbours, since one head
   * serves one exit or all of them: one run for each head.
   */
  async #runHeads(exitHidden: Float32Array): Promise<number[]> {
    const { hiddenSize } = this.#model.manifest.architecture;
    const tokens: number[] = [];
    while (tokens.length < this.#rows.length) {
      const start = tokens.length;
      const { headFile } = this.#rows[start]!;
      const next = this.#rows.findIndex((row, index) => index > start && row.headFile !== headFile);
      const end = next < 0 ? this.#rows.length : next;
      const hidden = exitHidden.subarray(start * hiddenSize, end * hiddenSize);
      tokens.push(...(await this.#choose(headFile, this.#rows.slice(start, end), hidden)));
    }
    return tokens;
  }

  /** Rows that run through segment `segment`, counted from 0. */
  #aliveAt(segment: number): number {
    const first = this.#rows.findIndex((row) => row.segments <= segment);
    return first < 0 ? this.#rows.length : first;
  }

  #groupStart(index: number): number {
    const { segments } = this.#rows[index]!;
    return this.#rows.findIndex((row) => row.segments === segments);
  }

  #groupEnd(index: number): number {
    const { segments } = this.#rows[index]!;
    return this.#rows.findLastIndex((row) => row.segments === segments) + 1;
  }

  #move(from: number, to: number): void {
    const row = this.#rows[from]!;
    this.#cache.copyRow(this.#cache, from, to, row.length, this.#layersOf(row));
    this.#rows[to] = row;
  }

  #layersOf(row: Row): number {
    return this.#model.manifest.segments[row.segments - 1]!.exit;
  }
}
