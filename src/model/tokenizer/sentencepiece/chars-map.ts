import { openDoubleArray } from './double-array.ts';

/** A rule for the beginning of a text: how many UTF-8 bytes become which text. */
export type CharsMap = (
  bytes: Uint8Array,
  start: number,
) => { readonly length: number; readonly text: string } | undefined;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * A `precompiled_charsmap`: the size of a trie in bytes, the trie, then texts that end with a zero byte. The trie
 * leads from what is replaced to the place of its text.
 * @throws Error if it is damaged
 */
export function readCharsMap(blob: Uint8Array): CharsMap {
  if (blob.length <= 4) throw new Error(`a map of characters of ${blob.length} bytes`);
  const size = new DataView(blob.buffer, blob.byteOffset).getUint32(0, true);
  if (size >= blob.length - 4) throw new Error('a map of characters whose trie is longer than the map');
  const texts = blob.subarray(4 + size);
  const trie = openDoubleArray(blob.subarray(4, 4 + size), texts.length);
  const known = new Map<number, string>();
  return (bytes, start) => {
    const found = trie.longestPrefix(bytes, start);
    if (found === undefined) return undefined;
    const { length, value } = found;
    if (!known.has(value)) known.set(value, textAt(texts, value));
    return { length, text: known.get(value)! };
  };
}

function textAt(texts: Uint8Array, start: number): string {
  const end = texts.indexOf(0, start);
  return utf8.decode(texts.subarray(start, end === -1 ? texts.length : end));
}
