import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PIECE_TYPES } from '../../../src/model/tokenizer/sentencepiece/model-proto.ts';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import { inputErrorOf } from '../../support/failure.ts';
import {
  BYTES,
  CONTROLS,
  type ModelParts,
  modelBytes,
  PIECES,
  type PieceParts,
  writeSentencePiece,
} from '../../support/sentencepiece-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
let count = 0;
function folderOf(parts: ModelParts = {}, files: Record<string, unknown> = {}): string {
  const folder = join(root, `${count++}`);
  writeSentencePiece(folder, parts, files);
  return folder;
}
const open = (parts?: ModelParts, files?: Record<string, unknown>) => openTokenizer(folderOf(parts, files));

const BOS = 1;
const TH = PIECES.length - 2;
const SPACE = PIECES.length - 1;
const bytesOf = (text: string) => [...Buffer.from(text)].map((byte) => 3 + byte);
const { normal, userDefined, unused } = PIECE_TYPES;

describe('a folder with tokenizer.model', () => {
  it('needs no other file: prompts begin with the model’s <s>, and nothing ends them', () => {
    const { encode, decode } = open();
    expect(encode('th')).toEqual([BOS, TH]);
    expect(encode('')).toEqual([BOS]);
    expect(decode([BOS, TH, TH, 2])).toBe('th th');
  });

  it.each([
    [{ add_bos_token: false }, [TH]],
    [{ add_eos_token: true }, [BOS, TH, 2]],
    [{ add_bos_token: null, add_eos_token: null }, [BOS, TH]],
    [{ bos_token: { __type: 'AddedToken', content: '</s>' } }, [2, TH]],
    [{ bos_token: '' }, [BOS, TH]],
  ])('begins and ends prompts by tokenizer_config.json: %j', (config, ids) => {
    expect(open({}, { 'tokenizer_config.json': config }).encode('th')).toEqual(ids);
  });

  it('takes roles from special_tokens_map.json first', () => {
    const files = {
      'tokenizer_config.json': { bos_token: '<s>', add_eos_token: true },
      'special_tokens_map.json': { bos_token: '</s>', eos_token: { content: '<s>' } },
    };
    expect(open({}, files).encode('th')).toEqual([2, TH, 1]);
  });

  it('spells special tokens that are typed in a text', () => {
    const files = {
      'added_tokens.json': { '[PAD]': 262 },
      'special_tokens_map.json': { pad_token: '[PAD]' },
    };
    const { encode, decode } = open({}, files);
    const text = '<s></s><unk>[PAD]<0x41>';
    expect(encode(text)).toEqual([BOS, SPACE, ...bytesOf(text)]);
    expect(decode(encode(text))).toBe(text);
    expect(decode([262, TH])).toBe('th');
  });

  it('finds added tokens in a text, unless they are special; what lies between them is a text of its own', () => {
    const files = {
      'added_tokens.json': { '<tool>': 262, '<tool>>': 263 },
      'tokenizer_config.json': {
        added_tokens_decoder: { 264: { content: '<end>', special: true }, 265: { content: '<more>' } },
      },
    };
    const { encode, decode } = open({}, files);
    expect(encode('th<tool>th')).toEqual([BOS, TH, 262, TH]);
    expect(encode('<tool>><tool>')).toEqual([BOS, 263, 262]);
    expect(encode('<more><end>')).toEqual([BOS, 265, SPACE, ...bytesOf('<end>')]);
    expect(decode([TH, 262, TH, 264, 263, 999])).toBe('th<tool> th<tool>>');
  });

  it('finds user-defined pieces in a text, unless a file calls them special', () => {
    const pieces: PieceParts[] = [...CONTROLS, ...BYTES, ['<x>', 0, userDefined], ['▁', -1, normal]];
    expect(open({ pieces }).encode('a<x>')).toEqual([BOS, 260, ...bytesOf('a'), 259]);
    const files = { 'special_tokens_map.json': { additional_special_tokens: ['<x>'] } };
    const { encode, decode } = open({ pieces }, files);
    expect(encode('<x>')).toEqual([BOS, 260, ...bytesOf('<x>')]);
    expect(decode([260, 259, 260])).toBe(' ');
  });

  it('gives characters without a piece one unknown id, which is decoded as the model’s mark', () => {
    const pieces: PieceParts[] = [...CONTROLS, ['▁', 0, normal], ['a', -1, normal]];
    const { encode, decode } = open({ pieces, byteFallback: false });
    expect(encode('axya z')).toEqual([BOS, 3, 4, 0, 4, 3, 0]);
    expect(decode(encode('axya z'))).toBe('a \u2047 a  \u2047 ');
  });

  it('merges pairs of equal scores from the left, and takes unused pieces apart again', () => {
    const letters: PieceParts[] = ['▁', 'a', 'b', 'c'].map((letter, place) => [letter, -9 - place, normal]);
    const pairs = (type: number): PieceParts[] => [
      ['ab', -1, type],
      ['bc', -1, normal],
    ];
    const ids = (type: number) => {
      const pieces = [...CONTROLS, ...letters, ...pairs(type)];
      return open({ pieces, byteFallback: false }).encode('abc');
    };
    expect(ids(normal)).toEqual([BOS, 3, 7, 6]);
    expect(ids(unused)).toEqual([BOS, 3, 4, 5, 6]);
  });

  it('adds no space before a text where add_prefix_space is false', () => {
    const { encode, decode } = open({}, { 'tokenizer_config.json': { add_prefix_space: false } });
    expect(encode('th')).toEqual([BOS, TH - 1]);
    expect(decode([TH])).toBe(' th');
  });

  it('takes half a surrogate pair for U+FFFD', () => {
    const { encode } = open();
    expect(encode('🙂\ud83d')).toEqual([BOS, SPACE, ...bytesOf('🙂\ufffd')]);
  });

  it('encodes a megabyte in time that does not grow with the square of its length', {
    timeout: 60_000,
  }, () => {
    const { encode, decode } = open();
    const text = 'th '.repeat(333_000);
    expect(decode(encode(text))).toBe(text);
  });
});

describe('a folder with tokenizer.model is refused', () => {
  it.each([
    ['Unigram', 1],
    ['word', 3],
    ['character', 4],
    ['type 9', 9],
  ])('by name where the model is %s', async (name, modelType) => {
    const folder = folderOf({ modelType });
    const error = await inputErrorOf(() => openTokenizer(folder));
    expect(error).toMatchObject({ code: 'bad-checkpoint', where: join(folder, 'tokenizer.model') });
    expect(error.found).toContain(name);
  });

  it.each([
    ['Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 499723\n'],
    ['tiktoken', 'IQ== 0\nIg== 1\n'],
  ])('where the file is one of %s', async (name, text) => {
    const folder = folderOf();
    writeFileSync(join(folder, 'tokenizer.model'), text);
    expect((await inputErrorOf(() => openTokenizer(folder))).found).toContain(name);
  });

  it('as Unigram where the model does not name its type', async () => {
    const folder = folderOf();
    // The trainer's settings are left out.
    writeFileSync(join(folder, 'tokenizer.model'), modelBytes().subarray(0, 20));
    expect((await inputErrorOf(() => openTokenizer(folder))).code).toBe('bad-checkpoint');
  });
});

describe('where tokenizer.json and tokenizer.model both lie in a folder', () => {
  it('tokenizer.json holds, even if it is broken', async () => {
    const folder = folderOf();
    writeFileSync(join(folder, 'tokenizer.json'), '{');
    const error = await inputErrorOf(() => openTokenizer(folder));
    expect(error).toMatchObject({ code: 'not-json', where: join(folder, 'tokenizer.json') });
  });
});
