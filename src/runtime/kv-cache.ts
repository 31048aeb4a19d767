import type { Architecture } from '../model/architecture.ts';

/** The part of the network's shape that a cache depends on. */
export type CacheShape = Pick<Architecture, 'layers' | 'kvHeads' | 'headDim'>;

/**
 * Keys and values of one layer for some rows: [rows, kvH, capacity, headDim] each. Positions at and after a row's
 * length hold finite leftovers, which the mask hides.
 */
export interface LayerCache {
  readonly keys: Float32Array;
  readonly values: Float32Array;
}

/**
 * Capacities are multiples of 64: the runtime's vector kernels then add a row's softmax in the same order at every
 * capacity, so that an answer does not depend on the longest row that shares its batch.
 */
const CAPACITY_STEP = 64;

/** Rows of keys and values for all layers; appended in place, never passed through a graph as an output. */
export class KvCache {
  readonly rows: number;
  readonly #shape: CacheShape;
  /** Never 0: ONNX Runtime leaves garbage where a batched, transposed product adds up nothing. */
  #capacity = CAPACITY_STEP;
  #layers: LayerCache[];

  constructor(shape: CacheShape, rows: number) {
    this.#shape = shape;
    this.rows = rows;
    this.#layers = this.#allocate(CAPACITY_STEP);
  }

  /** Positions that each row has room for. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Makes room for `positions` tokens a row; keeps what is stored. */
  reserve(positions: number): void {
    if (positions <= this.#capacity) return;
    const from = { layers: this.#layers, capacity: this.#capacity };
    this.#capacity = Math.ceil(positions / CAPACITY_STEP) * CAPACITY_STEP;
    this.#layers = this.#allocate(this.#capacity);
    for (let layer = 0; layer < this.#shape.layers; layer++) {
      for (let row = 0; row < this.rows; row++) this.#copyHeads(layer, from, row, row, 0, from.capacity);
    }
  }

  /** Views of the first `rows` rows of a layer: [rows, kvH, capacity, headDim]. */
  view(layer: number, rows: number): LayerCache {
    const { keys, values } = this.#layers[layer]!;
    const end = rows * this.#rowFloats(this.#capacity);
    return { keys: keys.subarray(0, end), values: values.subarray(0, end) };
  }

  /**
   * Stores the new keys and values of one row.
   * @param fresh what the segment returned: [batch, kvH, step, headDim]
   */
  append(
    layer: number,
    row: number,
    length: number,
    fresh: LayerCache,
    freshRow: number,
    step: number,
  ): void {
    const source = { layers: [] as LayerCache[], capacity: step };
    source.layers[layer] = fresh;
    this.#copyHeads(layer, source, freshRow, row, length, step);
  }

  /** Copies `length` positions of a row, in the layers before `layers`, over another row of this or another cache. */
  copyRow(from: KvCache, fromRow: number, toRow: number, length: number, layers: number): void {
    const source = { layers: from.#layers, capacity: from.#capacity };
    for (let layer = 0; layer < layers; layer++) this.#copyHeads(layer, source, fromRow, toRow, 0, length);
  }

  #copyHeads(
    layer: number,
    from: { layers: readonly LayerCache[]; capacity: number },
    fromRow: number,
    toRow: number,
    toPosition: number,
    positions: number,
  ): void {
    const { kvHeads, headDim } = this.#shape;
    const source = from.layers[layer]!;
    const target = this.#layers[layer]!;
    for (let head = 0; head < kvHeads; head++) {
      const start = (fromRow * kvHeads + head) * from.capacity * headDim;
      const end = start + positions * headDim;
      const offset = ((toRow * kvHeads + head) * this.#capacity + toPosition) * headDim;
      target.keys.set(source.keys.subarray(start, end), offset);
      target.values.set(source.values.subarray(start, end), offset);
    }
  }

  #allocate(capacity: number): LayerCache[] {
    const floats = this.rows * this.#rowFloats(capacity);
    return Array.from({ length: this.#shape.layers }, () => ({
      keys: new Float32Array(floats),
      values: new Float32Array(floats),
    }));
  }

  #rowFloats(capacity: number): number {
    return this.#shape.kvHeads * capacity * this.#shape.headDim;
  }
}
