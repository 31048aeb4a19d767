import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { isKnownDtype, readSafetensorsHeader } from '../model/checkpoint/safetensors.js';
const PIECE_BYTES = 1 << 22;
/** A float is NaN or infinite where all bits of its exponent are set. */
const EXPONENT = { F32: 0x7f800000, F16: 0x7c00, BF16: 0x7f80 };
/**
 * Reads a safetensors file once, from its begin to its end.
 * @throws InputError for a damaged header; the signal's reason when it is aborted
 */
export async function inspectWeights(path, { signal, onBytes } = {}) {
    const { tensors } = readSafetensorsHeader(path);
    const inOrder = [...tensors].sort(([, a], [, b]) => a.offset - b.offset);
    const hash = createHash('sha256');
    const damaged = new Map();
    const take = (piece) => {
        hash.update(piece);
        onBytes?.(piece.length);
    };
    const file = await open(path);
    try {
        const dataStart = inOrder[0]?.[1].offset ?? 0;
        for await (const piece of pieces(file, 0, dataStart, signal))
            take(piece);
        // Tensors follow each other without a gap, so that all bytes of the file pass by in their order.
        for (const [name, { dtype, offset, bytes }] of inOrder) {
            let count = 0;
            for await (const piece of pieces(file, offset, bytes, signal)) {
                take(piece);
                if (isKnownDtype(dtype))
                    count += countDamaged(piece, dtype);
            }
            if (count > 0)
                damaged.set(name, count);
        }
    }
    finally {
        await file.close();
    }
    return { sha256: hash.digest('hex'), damaged };
}
async function* pieces(file, start, bytes, signal) {
    const buffer = new Uint8Array(Math.min(PIECE_BYTES, bytes));
    for (let done = 0; done < bytes;) {
        signal?.throwIfAborted();
        const wanted = Math.min(buffer.length, bytes - done);
        for (let filled = 0; filled < wanted;) {
            const { bytesRead } = await file.read(buffer, filled, wanted - filled, start + done + filled);
            if (bytesRead === 0)
                throw new Error('the file became shorter while it was read');
            filled += bytesRead;
        }
        yield buffer.subarray(0, wanted);
        done += wanted;
    }
}
/** `piece` starts at a number and holds whole ones. */
function countDamaged(piece, dtype) {
    const exponent = EXPONENT[dtype];
    const words = dtype === 'F32'
        ? new Uint32Array(piece.buffer, 0, piece.length / 4)
        : new Uint16Array(piece.buffer, 0, piece.length / 2);
    let count = 0;
    for (const word of words)
        if ((word & exponent) === exponent)
            count++;
    return count;
}
