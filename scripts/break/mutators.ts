/** Ways to damage a file, each by a few seeded choices. */
import type { Random } from '../../test/support/random.ts';

type Mutator = (bytes: Buffer, random: Random) => Buffer;

/** What a parser may meet in place of a value. */
const WORDS = [
  'null',
  '{}',
  '[]',
  '""',
  '-1',
  '1e999',
  '1e15',
  '0',
  'true',
  '"\\u0000"',
  '"__proto__"',
  '[[[[',
];

/** Anything else than these: bytes of a text. */
const VALUE = /-?\d+(\.\d+)?|"[^"\n]{0,40}"|true|false|null/g;

const flipBit: Mutator = (bytes, random) => {
  const copy = Buffer.from(bytes);
  copy[random.below(copy.length)]! ^= 1 << random.below(8);
  return copy;
};
const cutEnd: Mutator = (bytes, random) => bytes.subarray(0, random.below(bytes.length));
const cutPiece: Mutator = (bytes, random) => {
  const [from, length] = [random.below(bytes.length), 1 + random.below(64)];
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
};
const repeatPiece: Mutator = (bytes, random) => {
  const [from, length] = [random.below(bytes.length), 1 + random.below(256)];
  const piece = bytes.subarray(from, from + length);
  return Buffer.concat([bytes.subarray(0, from), piece, piece, bytes.subarray(from)]);
};
const insertNoise: Mutator = (bytes, random) => {
  const noise = Buffer.from(Array.from({ length: 1 + random.below(8) }, () => random.below(256)));
  const at = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
};
/** What a failing disk leaves: a sector is empty, or holds what belongs elsewhere. */
const replaceSector: Mutator = (bytes, random) => {
  const sectors = Math.ceil(bytes.length / SECTOR);
  if (sectors < 2) return flipBit(bytes, random);
  const [to, from] = [random.below(sectors), random.below(sectors)];
  const copy = Buffer.from(bytes);
  if (from === to) copy.subarray(to * SECTOR, (to + 1) * SECTOR).fill(0);
  else bytes.copy(copy, to * SECTOR, from * SECTOR, (from + 1) * SECTOR);
  return copy;
};
const replaceValue: Mutator = (bytes, random) => {
  // Only the beginning of a binary file is text.
  const [head, rest] = [bytes.subarray(0, 1 << 16).toString('latin1'), bytes.subarray(1 << 16)];
  const values = [...head.matchAll(VALUE)];
  if (values.length === 0) return flipBit(bytes, random);
  const { index, 0: value } = values[random.below(values.length)]!;
  const word = WORDS[random.below(WORDS.length)]!;
  const text = head.slice(0, index) + word + head.slice(index + value.length);
  return Buffer.concat([Buffer.from(text, 'latin1'), rest]);
};

const SECTOR = 4096;

const MUTATORS: readonly Mutator[] = [
  flipBit,
  cutEnd,
  cutPiece,
  repeatPiece,
  insertNoise,
  replaceSector,
  replaceSector,
  replaceValue,
  replaceValue,
];

/** One damage, sometimes two. */
export function mutate(bytes: Buffer, random: Random): Buffer {
  const once = MUTATORS[random.below(MUTATORS.length)]!(bytes, random);
  if (random.uniform() < 0.75 || once.length === 0) return once;
  return MUTATORS[random.below(MUTATORS.length)]!(once, random);
}
