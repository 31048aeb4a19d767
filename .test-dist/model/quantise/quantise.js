/**
 * Weights as whole numbers, in the form of ONNX Runtime's MatMulNBits: every row is cut into blocks of 32 numbers, and
 * weight = scale · (code − zero point). Of 8 bits: −127 … 127 around 128. Of 4 bits: 0 … 15 around a zero point of the
 * block's own, since few steps should not be spent where no number lies; the low half of a byte comes first.
 */
export const BLOCK = 32;
const ZERO_OF_8_BITS = 128;
const LARGEST_CODE = { int8: 127, int4: 15 };
/** A block of smaller numbers becomes 0: the steps between them would have no exact inverse. */
const SMALLEST_REACH = 1e-35;
const BITS = { int8: 8, int4: 4 };
export function quantisedShape(columns, dtype) {
    const blocks = Math.ceil(columns / BLOCK);
    const bits = BITS[dtype];
    const zeroBytes = dtype === 'int4' ? Math.ceil(blocks / 2) : 0;
    return { bits, blocks, blockBytes: (BLOCK * bits) / 8, zeroBytes };
}
/**
 * Quantises whole rows of a matrix.
 * @param values [rows, columns]
 * @throws RangeError where a number is not finite
 */
export function quantiseRows(values, columns, dtype) {
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
        if (dtype === 'int4')
            zeros[row * zeroBytes + (block >> 1)] |= zero << ((block & 1) * 4);
        write(values, start, end, scale, zero, codes, index * blockBytes);
    }
    return { codes, scales, zeros };
}
/** The finest grid that holds a block's smallest and largest number, and 0 exactly. */
function gridOf(values, start, end, dtype) {
    let [low, high] = [0, 0];
    for (let index = start; index < end; index++) {
        const value = values[index];
        if (value > high)
            high = value;
        else if (value < low)
            low = value;
        else if (Number.isNaN(value))
            throw new RangeError('NaN');
    }
    const reach = dtype === 'int8' ? Math.max(-low, high) : high - low;
    if (reach === Number.POSITIVE_INFINITY)
        throw new RangeError(`${low < -high ? low : high}`);
    const scale = reach < SMALLEST_REACH ? 0 : Math.fround(reach / LARGEST_CODE[dtype]);
    if (dtype === 'int8')
        return { scale, zero: ZERO_OF_8_BITS };
    return { scale, zero: scale === 0 ? 0 : Math.min(15, Math.round(-low / scale)) };
}
/** Codes are never negative, so that cutting off the fraction rounds down. What fills up a row's last block stands for 0. */
function writeBytes(values, start, end, scale, zero, codes, target) {
    const inverse = scale === 0 ? 0 : 1 / scale;
    const count = end - start;
    for (let index = 0; index < count; index++)
        codes[target + index] = (values[start + index] * inverse + zero + 0.5) | 0;
    if (count < BLOCK)
        codes.fill(zero, target + count, target + BLOCK);
}
function writeHalves(values, start, end, scale, zero, codes, target) {
    const inverse = scale === 0 ? 0 : 1 / scale;
    for (let index = 0; index < BLOCK; index++) {
        const value = start + index < end ? values[start + index] : 0;
        const code = (value * inverse + zero + 0.5) | 0;
        // The largest number may lie half a step beyond the grid.
        codes[target + (index >> 1)] |= Math.min(code, 15) << ((index & 1) * 4);
    }
}
/** The numbers that quantised rows stand for, [rows, columns]. */
export function dequantiseRows(rows, columns, dtype) {
    const { blocks, blockBytes, zeroBytes } = quantisedShape(columns, dtype);
    const values = new Float32Array((rows.scales.length / blocks) * columns);
    for (let index = 0; index < values.length; index++) {
        const [row, column] = [Math.floor(index / columns), index % columns];
        const [block, inner] = [column >> 5, column & (BLOCK - 1)];
        const start = (row * blocks + block) * blockBytes;
        const code = dtype === 'int8' ? rows.codes[start + inner] : half(rows.codes, start * 2 + inner);
        const zero = dtype === 'int8' ? ZERO_OF_8_BITS : half(rows.zeros, row * zeroBytes * 2 + block);
        values[index] = rows.scales[row * blocks + block] * (code - zero);
    }
    return values;
}
/** Four bits of packed ones. */
function half(packed, index) {
    return (packed[index >> 1] >> ((index & 1) * 4)) & 15;
}
