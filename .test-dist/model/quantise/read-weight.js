import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { BYTES_PER_ELEMENT } from '../checkpoint/safetensors.js';
import { dequantiseRows, quantisedShape } from './quantise.js';
import { isQuantised } from './weight-place.js';
/**
 * Reads one weight of a model folder into memory as float32, row-major. For the few weights that a graph takes as
 * inputs; all others stay in their file.
 */
export function readWeight(folder, place) {
    const file = openSync(join(folder, place.file), 'r');
    try {
        if (isQuantised(place))
            return readQuantised(file, place);
        return readFloats(file, place, 0, place.bytes / BYTES_PER_ELEMENT[place.dtype]);
    }
    finally {
        closeSync(file);
    }
}
/** `count` numbers of a weight from its number `first` on, as float32. */
export function readFloats(file, { dtype, offset }, first, count) {
    const size = BYTES_PER_ELEMENT[dtype];
    const data = readBytes(file, offset + first * size, count * size);
    if (dtype === 'F32')
        return new Float32Array(data.buffer);
    const halves = new Uint16Array(data.buffer);
    return dtype === 'BF16' ? fromBfloat16(halves) : fromFloat16s(halves);
}
function readQuantised(file, place) {
    const { shape, dtype, offset, bytes, scalesOffset, zerosOffset = 0 } = place;
    const [rows, columns] = shape;
    const { blocks, zeroBytes } = quantisedShape(columns, dtype);
    const scales = readFloats(file, { dtype: 'F32', offset: scalesOffset }, 0, rows * blocks);
    const codes = readBytes(file, offset, bytes);
    return dequantiseRows({ codes, scales, zeros: readBytes(file, zerosOffset, rows * zeroBytes) }, columns, dtype);
}
function readBytes(file, offset, bytes) {
    const data = new Uint8Array(bytes);
    for (let done = 0; done < bytes;) {
        const read = readSync(file, data, done, bytes - done, offset + done);
        if (read === 0)
            throw new Error('a file ended inside a weight');
        done += read;
    }
    return data;
}
/** A bfloat16 is the upper half of a float32. */
function fromBfloat16(halves) {
    const words = new Uint32Array(halves.length);
    for (let index = 0; index < halves.length; index++)
        words[index] = halves[index] << 16;
    return new Float32Array(words.buffer);
}
function fromFloat16s(halves) {
    const values = new Float32Array(halves.length);
    for (let index = 0; index < halves.length; index++)
        values[index] = fromFloat16(halves[index]);
    return values;
}
/** IEEE 754 binary16: 1 sign bit, 5 exponent bits, 10 fraction bits. */
export function fromFloat16(half) {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0)
        return sign * fraction * 2 ** -24;
    if (exponent === 0x1f)
        return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
