import { closeSync, openSync, readSync } from 'node:fs';
import { z } from 'zod';
import { InputError } from '../../core/errors.js';
import { checkSchema, decodeUtf8, parseJson } from '../../data/json-file.js';
import { regularFileBytes } from './regular-file.js';
/** Bytes per element of the dtypes that LLaMA checkpoints come in. */
export const BYTES_PER_ELEMENT = { F32: 4, F16: 2, BF16: 2 };
/** The same of whatever model folders may hold: the codes of quantised weights are bytes. */
const STORED_BYTES = new Map([...Object.entries(BYTES_PER_ELEMENT), ['U8', 1]]);
export const isKnownDtype = (dtype) => Object.hasOwn(BYTES_PER_ELEMENT, dtype);
/** The format's own limit (huggingface/safetensors README): a larger header is refused. */
const MAX_HEADER_BYTES = 100_000_000;
const FIX = 'Copy or download the file again.';
/** The length is checked before the sizes: each of a million wrong ones would be an error of its own. */
const shapeSchema = z.array(z.unknown()).max(8).pipe(z.array(z.int().nonnegative()));
const entrySchema = z.object({
    dtype: z.string(),
    shape: shapeSchema,
    data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
/** Not `z.record`, which would drop a tensor by the name of `__proto__`. */
const headerSchema = z.custom((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'something that is no object');
/**
 * Reads the header of a safetensors file; the weights themselves stay on disk. As the format demands, the tensors must
 * cover the rest of the file without a hole or an overlap: otherwise it does not hold what its header says.
 * @throws InputError `bad-checkpoint` when the header or an offset does not fit the file
 */
export function readSafetensorsHeader(path) {
    const fileBytes = regularFileBytes(path, 'a safetensors file', FIX);
    const { text, end } = readHeaderText(path, fileBytes);
    const place = { path, fix: FIX, code: 'bad-checkpoint' };
    const header = checkSchema(parseJson(text, path, FIX), headerSchema, place);
    const tensors = new Map();
    for (const [name, entry] of Object.entries(header)) {
        if (name !== '__metadata__')
            tensors.set(name, readEntry(path, name, entry, end));
    }
    requireGapless(path, tensors, end, fileBytes);
    return { path, fileBytes, tensors };
}
function readHeaderText(path, fileBytes) {
    const length = readBytes(path, 0, 8);
    const headerBytes = length.length === 8 ? Number(length.readBigUInt64LE()) : 0;
    if (headerBytes > Math.min(MAX_HEADER_BYTES, fileBytes - 8)) {
        throw broken(path, 'a header that ends inside the file', `${fileBytes} bytes, header of ${headerBytes} bytes`);
    }
    const header = readBytes(path, 8, headerBytes);
    // 0x7b: the format wants no white space and no byte order mark before it.
    if (header[0] !== 0x7b)
        throw broken(path, 'a header that starts with {', `one of ${headerBytes} bytes`);
    return { text: decodeUtf8(header, path, FIX), end: 8 + headerBytes };
}
function readBytes(path, position, length) {
    const bytes = Buffer.alloc(length);
    try {
        const file = openSync(path, 'r');
        try {
            return bytes.subarray(0, readSync(file, bytes, 0, length, position));
        }
        finally {
            closeSync(file);
        }
    }
    catch (cause) {
        const found = String(cause.code);
        const expected = 'a readable file';
        throw new InputError({ code: 'not-readable', where: path, expected, found, fix: FIX, cause });
    }
}
function readEntry(path, name, entry, dataStart) {
    const where = `${path}: ${name}`;
    const place = { path: where, fix: FIX, code: 'bad-checkpoint' };
    const { dtype, shape, data_offsets } = checkSchema(entry, entrySchema, place);
    const [begin, end] = data_offsets;
    const bytes = end - begin;
    if (bytes < 0)
        throw broken(where, 'a tensor that ends after its begin', `bytes ${begin} to ${end}`);
    const elementBytes = STORED_BYTES.get(dtype);
    if (elementBytes !== undefined) {
        const expected = shape.reduce((product, size) => product * size, elementBytes);
        if (bytes !== expected)
            throw broken(where, `${expected} bytes for ${dtype} [${shape}]`, `${bytes}`);
    }
    return { dtype, shape, offset: dataStart + begin, bytes };
}
function requireGapless(path, tensors, dataStart, fileBytes) {
    const inOrder = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.bytes - b.bytes);
    let [end, before] = [dataStart, 'the header'];
    for (const [name, { offset, bytes }] of inOrder) {
        const where = `${path}: ${name}`;
        if (offset !== end)
            throw broken(where, `to start at byte ${end}, after ${before}`, `byte ${offset}`);
        end = offset + bytes;
        if (end > fileBytes)
            throw broken(where, 'a tensor inside the file', `bytes to ${end} of ${fileBytes}`);
        before = name;
    }
    if (end !== fileBytes)
        throw broken(path, `a file of ${end} bytes, as its header says`, `${fileBytes} bytes`);
}
function broken(where, expected, found) {
    return new InputError({ code: 'bad-checkpoint', where, expected, found, fix: FIX });
}
