/**
 * Weights as integers, in the form of ONNX Runtime's MatMulNBits: every row is split into blocks of 32
 * numbers, and weight = scale · (code − zero point). With 8 bits: −127 … 127 around 128. With 4 bits: 0 … 15
 * around a zero point for each block, so that no step is spent where there are no numbers; the low half of a
 * byte comes first.
 */
export const BLOCK = 32;
const ZERO_OF_8_BITS = 128;
const MAX_CODE = { int8: 127, int4: 15 } as const;
/** A block with a smaller reach becomes 0: its step would have no exact inverse. */
const MIN_REACH = 1e-35;
const BITS = { int8: 8, int4: 4 } as const;

export type QuantisedDtype = keyof typeof BITS;

/** Sizes of a matrix [N, K] as it is stored. */
interface QuantisedShape {
  readonly bits: 4 | 8;
  /** Blocks of a row; the last may stand for fewer than 32 numbers. */
  readonly blocks: number;
  readonly blockBytes: number;
  /** Bytes of a row's zero points. */
  readonly zeroBytes: number;
}

export function quantisedShape(columns: number, dtype: QuantisedDtype): QuantisedShape {
  const blocks = Math.ceil(columns / BLOCK);
  const bits = BITS[dtype];
  const zeroBytes = dtype === 'int4' ? Math.ceil(blocks / 2) : 0;
  return { bits, blocks, blockBytes: (BLOCK * bits) / 8, zeroBytes };
}

interface QuantisedRows {
  readonly codes: Uint8Array;
  readonly scales: Float32Array;
  readonly zeros: Uint8Array;
}

/**
 * Quantises whole rows of a matrix.
 * @param values [rows, columns]
 * @throws RangeError if a number is not finite
 */
export function quantiseRows(values: Float32Array, columns: number, dtype: QuantisedDtype): QuantisedRows {
  const { blocks, blockBytes, zeroBytes } = quantisedShape(columns, dtype);
  const rows = values.length / columns;
  const codes = new Uint8Array(rows * blocks * blockBytes);
  const scales = new Float32Array(rows * blocks);
  const zeros = new Uint8Array(rows * zeroBytes);
  const write = dtype === 'int8' ? writeBytes : writeHalves;
  for (let index = 0; index < scales.length; index++) {
    const [row, block] = [Math.floor(index / blocks), index % blocks];
    const start = row * columns + block * BLOCK;
    const end = Math.min(start + BLOCK, (row + 1) * columns);
    const { scale, zero } = gridOf(values, start, end, dtype);
    scales[index] = scale;
    if (dtype === 'int4') zeros[row * zeroBytes + (block >> 1)]! |= zero << ((block & 1) * 4);
    write(values, start, end, scale, zero, codes, index * blockBytes);
  }
  return { codes, scales, zeros };
}

/** The finest grid that holds a block's smallest and largest number, and 0 exactly. */
function gridOf(values: Float32Array, start: number, end: number, dtype: QuantisedDtype) {
  let [low, high] = [0, 0];
  for (let index = start; index < end; index++) {
    const value = values[index]!;
    if (value > high) high = value;
    else if (value < low) low = value;
    else if (Number.isNaN(value)) throw new RangeError('NaN');
  }
  const reach = dtype === 'int8' ? Math.max(-low, high) : high - low;
  if (reach === Number.POSITIVE_INFINITY) throw new RangeError(`${low < -high ? low : high}`);
  const scale = reach < MIN_REACH ? 0 : Math.fround(reach / MAX_CODE[dtype]);
  if (dtype === 'int8') return { scale, zero: ZERO_OF_8_BITS };
  return { scale, zero: scale === 0 ? 0 : Math.min(15, Math.round(-low / scale)) };
}

/** Codes are never negative, so truncating rounds down. The padding of a row's last block stands for 0. */
function writeBytes(
  values: Float32Array,
  start: number,
  end: number,
  scale: number,
  zero: number,
  codes: Uint8Array,
  target: number,
): void {
  const inverse = scale === 0 ? 0 : 1 / scale;
  const count = end - start;
  for (let index = 0; index < count; index++)
    codes[target + index] = (values[start + index]! * inverse + zero + 0.5) | 0;
  if (count < BLOCK) codes.fill(zero, target + count, target + BLOCK);
}

function writeHalves(
  values: Float32Array,
  start: number,
  end: number,
  scale: number,
  zero: number,
  codes: Uint8Array,
  target: number,
): void {
  const inverse = scale === 0 ? 0 : 1 / scale;
  for (let index = 0; index < BLOCK; index++) {
    const value = start + index < end ? values[start + index]! : 0;
    const code = (value * inverse + zero + 0.5) | 0;
    // The largest number may lie half a step beyond the grid.
    codes[target + (index >> 1)]! |= Math.min(code, 15) << ((index & 1) * 4);
  }
}

/** The numbers that quantised rows stand for, [rows, columns]. */
export function dequantiseRows(rows: QuantisedRows, columns: number, dtype: QuantisedDtype): Float32Array {
  const { blocks, blockBytes, zeroBytes } = quantisedShape(columns, dtype);
  const values = new Float32Array((rows.scales.length / blocks) * columns);
  for (let index = 0; index < values.length; index++) {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const [block, inner] = [column >> 5, column & (BLOCK - 1)];
    const start = (row * blocks + block) * blockBytes;
    const code = dtype === 'int8' ? rows.codes[start + inner]! : half(rows.codes, start * 2 + inner);
    const zero = dtype === 'int8' ? ZERO_OF_8_BITS : half(rows.zeros, row * zeroBytes * 2 + block);
    values[index] = rows.scales[row * blocks + block]! * (code - zero);
  }
  return values;
}

/** One 4-bit code of a packed array. */
function half(packed: Uint8Array, index: number): number {
  return (packed[index >> 1]! >> ((index & 1) * 4)) & 15;
}
