/** A trie as `darts-clone` lays it out (google/sentencepiece, `third_party/darts_clone/darts.h`). */

export interface Trie {
  /**
   * Longest key that begins at `start`: its bytes and its value. `undefined` if there is none.
   */
  longestPrefix(bytes: Uint8Array, start: number): { length: number; value: number } | undefined;
}

/** SentencePiece reads keys of 32 prefixes at most; none of its own rules has more than 20 bytes. */
const MAX_KEY_BYTES = 1024;

/**
 * @param units little-endian, four bytes each
 * @param valueCount values must be below it
 * @throws Error for a trie whose walk leaves the array, does not end, or gives another value
 */
export function openDoubleArray(units: Uint8Array, valueCount: number): Trie {
  if (units.length === 0 || units.length % 4 !== 0) throw new Error(`a trie of ${units.length} bytes`);
  const view = new DataView(units.buffer, units.byteOffset, units.length);
  const array = Uint32Array.from({ length: units.length / 4 }, (_, index) => view.getUint32(4 * index, true));
  requireSound(array, valueCount);
  return { longestPrefix: (bytes, start) => longestPrefix(array, bytes, start) };
}

const LEAF_VALUE = 0x7fffffff;
const hasLeaf = (unit: number) => (unit & 0x100) !== 0;
/** Of a leaf it is no byte. */
const labelOf = (unit: number) => (unit & 0x800000ff) >>> 0;
const offsetOf = (unit: number) => ((unit >>> 10) << ((unit & 0x200) >>> 6)) >>> 0;

function longestPrefix(array: Uint32Array, bytes: Uint8Array, start: number) {
  let longest: { length: number; value: number } | undefined;
  let place = offsetOf(array[0]!);
  for (let end = start; end < bytes.length; end++) {
    const next = (place ^ bytes[end]!) >>> 0;
    const unit = array[next];
    if (unit === undefined || labelOf(unit) !== bytes[end]) break;
    place = (next ^ offsetOf(unit)) >>> 0;
    if (hasLeaf(unit)) longest = { length: end + 1 - start, value: array[place]! & LEAF_VALUE };
  }
  return longest;
}

/** Walks along every transition once. */
function requireSound(array: Uint32Array, valueCount: number): void {
  const { first, sibling } = childrenOf(array);
  const OPEN = 1;
  const DONE = 2;
  const states = new Uint8Array(first.length);
  const path: { readonly place: number; child: number }[] = [];
  const enter = (place: number) => {
    if (place >= states.length) throw new Error('a trie that leads out of itself');
    if (states[place] === OPEN) throw new Error('a trie that leads back to itself');
    if (path.length > MAX_KEY_BYTES) throw new Error(`a trie of keys longer than ${MAX_KEY_BYTES} bytes`);
    if (states[place] === DONE) return;
    states[place] = OPEN;
    path.push({ place, child: first[place]! });
  };
  enter(offsetOf(array[0]!));
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const { place, child } = top;
    if (child === NONE) {
      states[place] = DONE;
      path.pop();
      continue;
    }
    top.child = sibling[child]!;
    const unit = array[child]!;
    const next = (child ^ offsetOf(unit)) >>> 0;
    if (hasLeaf(unit)) requireValue(array[next], valueCount);
    enter(next);
  }
}

const NONE = -1;

/** Units that each place leads to, as linked lists: a unit with label b belongs to the place that is its index xor b. */
function childrenOf(array: Uint32Array): { first: Int32Array; sibling: Int32Array } {
  const first = new Int32Array(array.length + 256).fill(NONE);
  const sibling = new Int32Array(array.length).fill(NONE);
  for (const [index, unit] of array.entries()) {
    const label = labelOf(unit);
    if (label > 255) continue;
    sibling[index] = first[index ^ label]!;
    first[index ^ label] = index;
  }
  return { first, sibling };
}

function requireValue(leaf: number | undefined, valueCount: number): void {
  if (leaf === undefined || (leaf & LEAF_VALUE) >= valueCount)
    throw new Error('a trie with a value that it does not define');
}
