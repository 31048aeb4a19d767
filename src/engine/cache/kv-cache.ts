import type { Architecture } from '../../model/checkpoint/architecture.ts';

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
/** A view of an array costs as much as copying this many numbers one by one. */
const FEW_FLOATS = 128;

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

  /** Bytes held, whatever the capacity is at the moment. */
  get bytes(): number {
    return this.#layers.reduce((sum, { keys, values }) => sum + keys.byteLength + values.byteLength, 0);
  }

  /** Makes room for `positions` tokens a row; keeps what is stored in the first `rows` rows. */
  reserve(positions: number, rows = this.rows): void {
    const capacity = toCapacity(positions);
    if (capacity > this.#capacity) this.#restride(capacity, rows);
  }

  /**
   * Makes room for `positions` tokens a row, and gives room up where half of it would do, since attention reads over
   * all of it. The first `rows` rows are kept.
   */
  fit(positions: number, rows: number): void {
    this.reserve(positions, rows);
    const capacity = toCapacity(positions);
    if (capacity <= this.#capacity / 2) this.#restride(capacity, rows);
  }

  /** Views of the first `rows` rows of a layer: [rows, kvH, capacity, headDim]. */
  view(layer: number, rows: number): LayerCache {
    const { keys, values } = this.#layers[layer]!;
    const end = rows * this.#rowFloats(this.#capacity);
    return { keys: keys.subarray(0, end), values: values.subarray(0, end) };
  }

  /**
   * Stores the new keys and values of one row.
   * @param present what the segment returned: [batch, kvH, step, headDim]
   */
  append(
    layer: number,
    row: number,
    length: number,
    present: LayerCache,
    presentRow: number,
    step: number,
  ): void {
    const { kvHeads, headDim } = this.#shape;
    const target = this.#layers[layer]!;
    for (let head = 0; head < kvHeads; head++) {
      const start = (presentRow * kvHeads + head) * step * headDim;
      const offset = ((row * kvHeads + head) * this.#capacity + length) * headDim;
      copyFloats(present.keys, start, step * headDim, target.keys, offset);
      copyFloats(present.values, start, step * headDim, target.values, offset);
    }
  }

  /**
   * Stores keys and values of all layers in one row.
   * @param data [layers, 2, kvH, positions, headDim], keys before values
   */
  write(row: number, position: number, data: Float32Array, positions: number): void {
    const { kvHeads, headDim } = this.#shape;
    const floats = positions * headDim;
    let from = 0;
    for (const { keys, values } of this.#layers) {
      for (const target of [keys, values]) {
        for (let head = 0; head < kvHeads; head++, from += floats) {
          copyFloats(
            data,
            from,
            floats,
            target,
            ((row * kvHeads + head) * this.#capacity + position) * headDim,
          );
        }
      }
    }
  }

  /**
   * Stores the new keys and values of one row, each at a position of its own.
   * @param present what the graph returned: [batch, kvH, step, headDim]
   */
  scatter(layer: number, row: number, positions: readonly number[], present: LayerCache, step: number): void {
    const { kvHeads, headDim } = this.#shape;
    const { keys, values } = this.#layers[layer]!;
    for (let head = 0; head < kvHeads; head++) {
      for (const [token, position] of positions.entries()) {
        const from = ((row * kvHeads + head) * step + token) * headDim;
        const to = ((row * kvHeads + head) * this.#capacity + position) * headDim;
        copyFloats(present.keys, from, headDim, keys, to);
        copyFloats(present.values, from, headDim, values, to);
      }
    }
  }

  /** Copies `length` positions of a row, in the layers before `layers`, over another row of this or another cache. */
  copyRow(from: KvCache, fromRow: number, toRow: number, length: number, layers: number): void {
    const source = { capacity: from.#capacity, row: fromRow };
    for (let layer = 0; layer < layers; layer++) {
      this.#copyHeads(from.#layers[layer]!, source, this.#layers[layer]!, toRow, length);
    }
  }

  /** Changes the capacity, in the memory at hand where that is enough. */
  #restride(capacity: number, rows: number): void {
    const from = { layers: this.#layers, capacity: this.#capacity };
    const positions = Math.min(capacity, from.capacity);
    const isInPlace = this.rows * this.#rowFloats(capacity) <= this.#layers[0]!.keys.length;
    if (!isInPlace) this.#layers = this.#allocate(capacity);
    this.#capacity = capacity;
    for (const [layer, source] of from.layers.entries()) {
      for (let index = 0; index < rows; index++) {
        // Rows that move towards the end must not land on those still to be moved.
        const row = capacity > from.capacity ? rows - 1 - index : index;
        this.#copyHeads(source, { capacity: from.capacity, row }, this.#layers[layer]!, row, positions);
      }
    }
  }

  /** The first `positions` positions of a row. */
  #copyHeads(
    source: LayerCache,
    from: { readonly capacity: number; readonly row: number },
    target: LayerCache,
    toRow: number,
    positions: number,
  ): void {
    const { kvHeads, headDim } = this.#shape;
    const isForward = this.#capacity <= from.capacity;
    for (let index = 0; index < kvHeads; index++) {
      const head = isForward ? index : kvHeads - 1 - index;
      const start = (from.row * kvHeads + head) * from.capacity * headDim;
      const end = start + positions * headDim;
      const offset = (toRow * kvHeads + head) * this.#capacity * headDim;
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

/** The capacity of a cache that has room for so many tokens a row. */
export function toCapacity(positions: number): number {
  return Math.max(1, Math.ceil(positions / CAPACITY_STEP)) * CAPACITY_STEP;
}

/** From one array to another. */
function copyFloats(
  source: Float32Array,
  start: number,
  count: number,
  target: Float32Array,
  offset: number,
) {
  if (count > FEW_FLOATS) target.set(source.subarray(start, start + count), offset);
  else for (let index = 0; index < count; index++) target[offset + index] = source[start + index]!;
}
