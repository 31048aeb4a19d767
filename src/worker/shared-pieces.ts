import { deserialize, serialize } from 'node:v8';

/**
 * Pieces of work in memory that all workers of a job share, once for all of them. A worker takes the next
 * piece when it is free, so none waits while another still has a queue.
 */
export interface SharedPieces {
  /** The pieces as `v8.serialize` writes them, one after the other. */
  readonly bytes: SharedArrayBuffer;
  /** Where each piece ends in `bytes`. */
  readonly ends: Float64Array;
  /** [1]: the first piece that nobody has taken. */
  readonly next: Int32Array;
}

/** @param pieces plain data, in the order in which they are to be taken */
export function sharePieces(pieces: readonly unknown[]): SharedPieces {
  const written = pieces.map((piece) => serialize(piece));
  const ends = new Float64Array(new SharedArrayBuffer(written.length * Float64Array.BYTES_PER_ELEMENT));
  let end = 0;
  for (const [index, { length }] of written.entries()) {
    end += length;
    ends[index] = end;
  }
  const bytes = new SharedArrayBuffer(end);
  for (const [index, piece] of written.entries()) Buffer.from(bytes).set(piece, ends[index]! - piece.length);
  return { bytes, ends, next: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) };
}

/** Takes pieces, one whenever the reader asks, until none is left. No other thread gets the same ones. */
export function* takePieces<Piece>({ bytes, ends, next }: SharedPieces): Generator<Piece> {
  while (true) {
    const index = Atomics.add(next, 0, 1);
    if (index >= ends.length) return;
    const [start, end] = [ends[index - 1] ?? 0, ends[index]!];
    // A copy: what is shared may not be deserialized in place.
    yield deserialize(Buffer.from(Buffer.from(bytes, start, end - start)));
  }
}
