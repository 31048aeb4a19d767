/** tokenizer.model files that are none, or lie. */
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PIECE_TYPES } from '../../src/model/tokenizer/sentencepiece/model-proto.ts';
import { seededRandom } from '../support/random.ts';
import {
  BYTES,
  CONTROLS,
  charsmapBytes,
  type ModelParts,
  modelBytes,
  PIECES,
  type PieceParts,
} from '../support/sentencepiece-model.ts';
import { casesOf, editJson, type HostileCase } from './hostile-case.ts';

const { normal, byte, unknown } = PIECE_TYPES;
const INTACT = Buffer.from(modelBytes());
const write = (folder: string, bytes: Uint8Array | string) =>
  writeFileSync(join(folder, 'tokenizer.model'), bytes);
const casesOfBytes = (kind: string, values: Record<string, () => Uint8Array | string>, said = /./) =>
  casesOf(`tokenizer.model: ${kind}`, values, (folder, make) => write(folder, make()), { said });

/** The model ends too early; its last part are twelve bytes of settings. */
export function cutModels(): HostileCase[] {
  const ends = [
    1,
    2,
    3,
    4,
    6,
    9,
    13,
    16,
    17,
    40,
    500,
    INTACT.length >> 1,
    INTACT.length - 30,
    INTACT.length - 1,
  ];
  return casesOfBytes(
    'cut',
    Object.fromEntries(ends.map((end) => [`after ${end} bytes`, () => INTACT.subarray(0, end)])),
  );
}

/** Bytes of the protobuf encoding that contradict each other. */
export function bentModels(): HostileCase[] {
  const before = (...bytes: number[]) => Buffer.concat([Buffer.from(bytes), INTACT]);
  const at = (place: number, ...bytes: number[]) => {
    const bent = Buffer.from(INTACT);
    bent.set(bytes, place);
    return bent;
  };
  return casesOfBytes('encoding', {
    'a piece of no bytes': () => at(1, 0),
    'a piece one byte shorter': () => at(1, INTACT[1]! - 1),
    'a piece one byte longer': () => at(1, INTACT[1]! + 1),
    'a piece of 127 bytes': () => at(1, 127),
    'a text longer than its piece': () => at(3, 100),
    'a piece of 2^31 bytes': () => before(0x0a, 0x80, 0x80, 0x80, 0x80, 0x08),
    'a piece of 2^32 - 1 bytes': () => before(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f),
    'an unknown field of 2^32 - 1 bytes': () => before(0x7a, 0xff, 0xff, 0xff, 0xff, 0x0f),
    'a number without end': () => before(...Array<number>(1000).fill(0x80)),
    'a field number 0': () => before(0x02, 0x00),
    'wire type 6': () => before(0x0e, 0x00),
    'wire type 7': () => before(0x0f, 0x00),
    'a piece that is a number': () => before(0x08, 0x01),
    'settings that are a number': () => before(0x10, 0x01),
    'a score that is a text': () => before(0x0a, 0x03, 0x12, 0x01, 0x61),
    'a type that is a text': () => before(0x0a, 0x03, 0x1a, 0x01, 0x61),
    'a group without end': () => before(0x7b),
    'an end without a group': () => before(0x7c),
    'a million groups': () => Buffer.alloc(1e6, 0x7b),
    'a text that is not UTF-8': () => before(0x0a, 0x04, 0x0a, 0x02, 0xc3, 0x28),
  });
}

/** Pieces that cannot stand beside each other. */
export function wrongPieces(): HostileCase[] {
  const of = (parts: ModelParts) => () => modelBytes(parts);
  const pieces = (...more: PieceParts[]) => of({ pieces: [...PIECES, ...more] });
  const endless = (count: number, type: number) => () =>
    modelBytes({
      pieces: [...CONTROLS, ...Array.from({ length: count }, (_, id): PieceParts => [`${id}`, 0, type])],
      byteFallback: false,
    });
  return casesOfBytes('pieces', {
    none: of({ pieces: [] }),
    'one twice': pieces(['th', 0, normal]),
    'a control piece twice': pieces(['<s>', 0, PIECE_TYPES.control]),
    'an empty one': pieces(['', 0, normal]),
    'type 0': pieces(['x', 0, 0]),
    'type 9': pieces(['x', 0, 9]),
    'type -1': pieces(['x', 0, -1]),
    'no unknown one': of({ pieces: PIECES.slice(1) }),
    'two unknown ones': pieces(['<none>', 0, unknown]),
    'a score that is no number': pieces(['x', Number.NaN, normal]),
    'bytes without byte fallback': of({ byteFallback: false }),
    'byte fallback without bytes': of({ pieces: CONTROLS }),
    'byte fallback with 255 bytes': of({ pieces: [...CONTROLS, ...BYTES.slice(1)] }),
    'a byte of three digits': pieces(['<0x100>', 0, byte]),
    'a byte in small letters': pieces(['<0xaa>', 0, byte]),
    'a million and one empty ones': () => Buffer.alloc(2_000_002, Buffer.of(0x0a, 0x00)),
    'a million and one': endless(1_000_001, normal),
    'a million and one of the user’s own': endless(1_000_001, PIECE_TYPES.userDefined),
  });
}

/** Models of another kind. */
export function otherKinds(): HostileCase[] {
  const kinds: Record<string, number> = {
    Unigram: 1,
    word: 3,
    character: 4,
    'of type 0': 0,
    'of type -7': -7,
  };
  return Object.entries(kinds).flatMap(([name, modelType]) =>
    casesOfBytes('kind', { [name]: () => modelBytes({ modelType }) }, new RegExp(`of another kind: ${name}`)),
  );
}

/** Units of a double array: where a unit leads, the byte that leads to it, and whether a value follows. */
const unit = (offset: number, label: number, leaf = 0) => (offset << 10) | (leaf << 8) | label;

/** Maps of characters whose trie is broken. */
export function wrongCharsmaps(): HostileCase[] {
  const units = (size: number, entries: Record<number, number>) => {
    const array = Array<number>(size).fill(0x80000000);
    for (const [index, value] of Object.entries(entries)) array[Number(index)] = value;
    return array;
  };
  const a = 0x61;
  const b = 0x62;
  // Each place of 256 units leads to the next by the letter a.
  const chain = (length: number) =>
    units(256 * (length + 1), {
      0: unit(256, 0),
      ...Object.fromEntries(
        Array.from({ length: length - 1 }, (_, place) => {
          const [here, there] = [256 * (place + 1), 256 * (place + 2)];
          return [here + a, unit((here + a) ^ there, a)];
        }),
      ),
    });
  const maps: Record<string, () => Uint8Array> = {
    'of one byte': () => Buffer.of(1),
    'of four bytes': () => Buffer.alloc(4),
    'without a trie': () => charsmapBytes([], 'x'),
    'without texts': () => charsmapBytes(units(256, { 0: unit(0, 0) }), ''),
    'whose trie is as long as it': () => Buffer.from([8, 0, 0, 0, 1, 2, 3, 4, 5]),
    'whose trie has 2^32 - 1 bytes': () => Buffer.from([255, 255, 255, 255, 1, 2, 3, 4, 5]),
    'whose trie is half a unit long': () => Buffer.from([2, 0, 0, 0, 1, 2, 3, 4, 5]),
    'whose trie leads out of itself': () =>
      charsmapBytes(units(256, { 0: unit(0, 0), [a]: unit(2 ** 20, a) }), 'x\0'),
    'whose trie leads back to itself': () =>
      charsmapBytes(units(512, { 0: unit(256, 0), [256 + a]: unit(a, a) }), 'x\0'),
    'whose trie goes in a circle of two': () =>
      charsmapBytes(
        units(768, {
          0: unit(256, 0),
          [256 + a]: unit((256 + a) ^ 512, a),
          [512 + b]: unit((512 + b) ^ 256, b),
        }),
        'x\0',
      ),
    'whose trie has keys of 2000 bytes': () => charsmapBytes(chain(2000), 'x\0'),
    'whose trie has a value beyond its texts': () =>
      charsmapBytes(
        units(512, { 0: unit(256, 0), [256 + a]: unit((256 + a) ^ 260, a, 1), 260: 0x80000000 | 99 }),
        'x\0',
      ),
    'whose trie has a value outside of it': () =>
      charsmapBytes(units(512, { 0: unit(256, 0), [256 + a]: unit((256 + a) ^ 600, a, 1) }), 'x\0'),
  };
  return (['normalizer', 'denormalizer'] as const).flatMap((place) =>
    casesOfBytes(
      `a map of characters in its ${place}`,
      Object.fromEntries(
        Object.entries(maps).map(([name, make]) => [
          name,
          () => modelBytes({ [place]: { charsmap: make() } }),
        ]),
      ),
    ),
  );
}

/** Files that are no SentencePiece model at all. */
export function otherFiles(): HostileCase[] {
  const path = (folder: string) => join(folder, 'tokenizer.model');
  const replaced = (make: (path: string) => void) => (folder: string) => {
    rmSync(path(folder));
    make(path(folder));
  };
  const files: Record<string, () => Uint8Array | string> = {
    empty: () => '',
    zeros: () => Buffer.alloc(10_000),
    'a megabyte of ones': () => Buffer.alloc(1e6, 0xff),
    JSON: () => '{"model": {"type": "BPE"}}',
    'a pointer of Git LFS': () => 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 499723\n',
    'a vocabulary of tiktoken': () => 'IQ== 0\nIg== 1\nIw== 2\n',
    'a zip': () => Buffer.from('504b0304140000000000', 'hex'),
    'HTML of a page that asks for a login': () => '<!DOCTYPE html><html><body>401</body></html>',
  };
  return [
    ...casesOfBytes('a file', files),
    { name: 'tokenizer.model: a folder', change: replaced((file) => mkdirSync(file)) },
    { name: 'tokenizer.model: a link to nothing', change: replaced((file) => symlinkSync('nothing', file)) },
    {
      name: 'tokenizer.model: a link to a device',
      change: replaced((file) => symlinkSync('/dev/zero', file)),
    },
    {
      name: 'tokenizer.model: a terabyte',
      change: (folder) => truncateSync(path(folder), 1e12),
      said: /expected at most 200000000 bytes/,
    },
  ];
}

/** JSON beside tokenizer.model that is fine, of something else. */
export function wrongTokens(): HostileCase[] {
  const added: Record<string, unknown> = {
    'an id below 0': { '[PAD]': -1 },
    'half an id': { '[PAD]': 1.5 },
    'an id of 2^40': { '[PAD]': 2 ** 40 },
    'a text for an id': { '[PAD]': '262' },
    'an empty token': { '': 262 },
    'a token in a token': { '[PAD]': { id: 262 } },
  };
  const roles: Record<string, unknown> = {
    'a number': { bos_token: 1 },
    'a list': { bos_token: ['<s>'] },
    'a token without a text': { bos_token: { lstrip: false } },
    'others that are a text': { additional_special_tokens: '<s>' },
  };
  const decoders: Record<string, unknown> = {
    'a list': [{ content: '<s>' }],
    'a text for an id': { s: { content: '<s>' } },
    'an id below 0': { '-1': { content: '<s>' } },
    'an id of 20 digits': { '99999999999999999999': { content: '<s>' } },
    'a token without a text': { 1: {} },
    'a text for a token': { 1: '<s>' },
  };
  const json = (file: string) => (folder: string, value: unknown) => editJson(folder, file, () => value);
  return [
    ...casesOf('added_tokens.json', added, json('added_tokens.json')),
    ...casesOf('special_tokens_map.json', roles, json('special_tokens_map.json')),
    ...casesOf('tokenizer_config.json: added tokens', decoders, (folder, added_tokens_decoder) =>
      json('tokenizer_config.json')(folder, { added_tokens_decoder }),
    ),
  ];
}

/** One flipped bit; most of them change a letter or a score. */
export function flippedModels(count: number): HostileCase[] {
  const random = seededRandom(15);
  return Array.from({ length: count }, () => {
    const [place, bit] = [random.below(INTACT.length), random.below(8)];
    return {
      name: `tokenizer.model: bit ${bit} of byte ${place} flipped`,
      fate: 'either',
      change: (folder) => {
        const bytes = readFileSync(join(folder, 'tokenizer.model'));
        bytes[place]! ^= 1 << bit;
        write(folder, bytes);
      },
    };
  });
}
