/** Bytes of an answer after decompression. The longest completion has a small part of them. */
export const MAX_BODY_BYTES = 16 << 20;

/** More came than {@link MAX_BODY_BYTES}. */
export class BodyTooLong extends Error {
  constructor() {
    super(`an answer of more than ${MAX_BODY_BYTES >> 20} MiB`);
    this.name = 'BodyTooLong';
  }
}

/**
 * The body of an answer. It is decompressed as it is read, so a small body that unpacks to gigabytes is cut, too.
 * @throws BodyTooLong; what reading throws
 */
export async function readBody({ body }: Response): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    bytes += next.value.length;
    if (bytes > MAX_BODY_BYTES) throw new BodyTooLong();
    pieces.push(next.value);
  }
  return Buffer.concat(pieces);
}
