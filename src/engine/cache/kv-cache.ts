import type { Architecture } from '../../model/checkpoint/architecture.ts';
import { depthOf, type Manifest } from '../../model/folder/manifest.ts';
import type { PresentKeysValues } from '../session/layer-session.ts';
import type { KeysValues, PastKeysValues } from '../session/step-input.ts';
import { copyFloats, copyPair } from './copy-floats.ts';

/** The part of the network's shape that a cache depends on. */
export type CacheShape = Pick<Architecture, 'layers' | 'kvHeads' | 'headDim'>;

/** What the segments of a model folder need: layers beyond its deepest exit never run. */
export function cacheShapeOf(manifest: Pick<Manifest, 'architecture' | 'exits'>): CacheShape {
  return { ...manifest.architecture, layers: depthOf(manifest) };
}

/**
 * Capacities are multiples of 64: the vector kernels of ONNX Runtime 1.30.0 then add a row's softmax in the
 * same order at every capacity, so that a response does not depend on the longest row that shares its batch.
 * Guarded by test/engine/batch-invariance.test.ts.
 */
export const CAPACITY_STEP = 64;
/**
 * Rows of keys and values for all layers; appended in place, never passed through a graph as an output.
 * Positions at and after a row's length hold finite leftovers, which the mask hides.
 */
export class KvCache implements PastKeysValues {
  readonly rows: number;
  readonly #shape: CacheShape;
  /**
   * Never 0: ONNX Runtime 1.30.0 leaves garbage where a batched, transposed product has nothing to add up.
   * Guarded by test/engine/prefill-together.test.ts.
   */
  #capacity = CAPACITY_STEP;
  /** For each layer [rows, kvH, capacity, headDim]. */
  #layers: KeysValues[];

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
   * Makes room for `positions` tokens a row, and shrinks where half of the room is enough, since attention
   * reads over all of it. Keeps the first `rows` rows.
   */
  fit(positions: number, rows: number): void {
    this.reserve(positions, rows);
    const capacity = toCapacity(positions);
    if (capacity <= this.#capacity / 2) this.#restride(capacity, rows);
  }

  view(layer: number, rows: number): KeysValues {
    const { keys, values } = this.#layers[layer]!;
    const end = rows * this.#rowFloats(this.#capacity);
    return { keys: keys.subarray(0, end), values: values.subarray(0, end) };
  }

  /**
   * Stores new keys and values behind those of some rows.
   * @param present for some layers [rows, kvH, S, headDim]
   * @param lengths for each of the rows, tokens that it holds
   * @param rows default: the first ones
   */
  append(
    present: readonly PresentKeysValues[],
    lengths: readonly number[],
    queryLength: number,
    rows?: readonly number[],
  ): void {
    const floats = queryLength * this.#shape.headDim;
    for (const source of present) {
      for (const [index, length] of lengths.entries()) {
        const row = rows ? rows[index]! : index;
        for (let head = 0; head < this.#shape.kvHeads; head++) {
          const start = (index * this.#shape.kvHeads + head) * floats;
          copyPair(source, start, floats, this.#layers[source.layer]!, this.#offset(row, head, length));
        }
      }
    }
  }

  /**
   * Stores new keys and values of the first rows, each token at a position of its own.
   * @param present for some layers [rows, kvH, S, headDim]
   * @param positions [rows][S]
   */
  scatter(present: readonly PresentKeysValues[], positions: readonly (readonly number[])[]): void {
    const { kvHeads, headDim } = this.#shape;
    for (const source of present) {
      for (const [row, own] of positions.entries()) {
        for (let head = 0; head < kvHeads; head++) {
          for (const [token, position] of own.entries()) {
            const start = ((row * kvHeads + head) * own.length + token) * headDim;
            copyPair(source, start, headDim, this.#layers[source.layer]!, this.#offset(row, head, position));
          }
        }
      }
    }
  }

  /**
   * Stores keys and values of all layers in one row.
   * @param data [layers, 2, kvH, positions, headDim], keys before values
   */
  write(row: number, position: number, data: Float32Array, positions: number): void {
    const floats = positions * this.#shape.headDim;
    let start = 0;
    for (const { keys, values } of this.#layers) {
      for (const target of [keys, values]) {
        for (let head = 0; head < this.#shape.kvHeads; head++, start += floats) {
          copyFloats(data, start, floats, target, this.#offset(row, head, position));
        }
      }
    }
  }

  /**
   * Copies the start of a row, [layers, kvH, length, headDim], over another row of this cache or from another
   * cache.
   * @param layers only those before this one
   */
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

  /** The first `positions` positions of a row: [kvH, positions, headDim] of keys and of values. */
  #copyHeads(
    source: KeysValues,
    from: { readonly capacity: number; readonly row: number },
    target: KeysValues,
    toRow: number,
    positions: number,
  ): void {
    const { kvHeads, headDim } = this.#shape;
    const isForward = this.#capacity <= from.capacity;
    for (let index = 0; index < kvHeads; index++) {
      const head = isForward ? index : kvHeads - 1 - index;
      const start = (from.row * kvHeads + head) * from.capacity * headDim;
      const end = start + positions * headDim;
      const offset = this.#offset(toRow, head, 0);
      target.keys.set(source.keys.subarray(start, end), offset);
      target.values.set(source.values.subarray(start, end), offset);
    }
  }

  #allocate(capacity: number): KeysValues[] {
    const floats = this.rows * this.#rowFloats(capacity);
    return Array.from({ length: this.#shape.layers }, () => ({
      keys: new Float32Array(floats),
      values: new Float32Array(floats),
    }));
  }

  #rowFloats(capacity: number): number {
    return this.#shape.kvHeads * capacity * this.#shape.headDim;
  }

  /** Where a position of a row's head starts in [rows, kvH, capacity, headDim]. */
  #offset(row: number, head: number, position: number): number {
    return ((row * this.#shape.kvHeads + head) * this.#capacity + position) * this.#shape.headDim;
  }
}

/** The capacity of a cache that has room for this many tokens a row. */
export function toCapacity(positions: number): number {
  return Math.max(1, Math.ceil(positions / CAPACITY_STEP)) * CAPACITY_STEP;
}
