import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { BOS, EOS, writeTokenizer } from '../../support/tokenizer-files.ts';

const folder = tempFolder();

describe('openTokenizer', () => {
  writeTokenizer(folder);
  const tokenizer = openTokenizer(folder);

  it.each(['Below is the instruction.\n\n### Response:\n', '  two  spaces ', 'naïve 漢字 🙂', '</s'])(
    'gives %j back after <s>',
    (text) => {
      const ids = tokenizer.encode(text);
      expect(ids[0]).toBe(BOS);
      expect(tokenizer.decode(ids)).toBe(text);
    },
  );

  it('merges pairs in the order of the merges', () => {
    const last = 3 + 256 + 2;
    expect(tokenizer.encode('a the')).toEqual([BOS, 3 + 'a'.charCodeAt(0), last]);
  });

  it('leaves special tokens out of a text', () => {
    expect(tokenizer.decode([BOS, 3 + 'x'.charCodeAt(0), EOS])).toBe('x');
  });

  it('decodes no ids as the empty text, and ids of no token as nothing', () => {
    expect(tokenizer.decode([])).toBe('');
    expect(tokenizer.decode([BOS, 100_000])).toBe('');
    expect(tokenizer.decode([100_000, 3 + 'x'.charCodeAt(0)])).toBe('x');
  });

  it('spells what looks like a special token', () => {
    const text = '</s><s> <pad>';
    const ids = tokenizer.encode(text);
    expect(ids).toEqual([BOS, ...Array.from(text, (character) => 3 + character.charCodeAt(0))]);
    expect(tokenizer.decode(ids)).toBe(text);
  });

  it('takes half a surrogate pair for U+FFFD, which can be a token', () => {
    expect(tokenizer.decode(tokenizer.encode('🙂\ud83d'))).toBe('🙂\ufffd');
    const path = join(folder, 'tokenizer.json');
    const json = JSON.parse(readFileSync(path, 'utf8'));
    const added_tokens = [...json.added_tokens, { id: 300, content: '\ufffd' }];
    writeFileSync(path, JSON.stringify({ ...json, added_tokens }));
    const half = ['\ud83d', '\ude42', '\ude42\ud83d'].map((text) => openTokenizer(folder).encode(text));
    expect(half).toEqual([
      [BOS, 300],
      [BOS, 300],
      [BOS, 300, 300],
    ]);
    writeTokenizer(folder);
  });

  it('keeps the space before punctuation, even if the config turns clean-up on', () => {
    writeFileSync(join(folder, 'tokenizer_config.json'), '{"clean_up_tokenization_spaces": true}');
    const { encode, decode } = openTokenizer(folder);
    expect(decode(encode("a , b 's ."))).toBe("a , b 's .");
  });
});

describe.each([
  ['letters', 'llama2-style', 'abracadabra'],
  ['spaces', 'llama3-style', ' '],
])('a megabyte of %s for a %s tokenizer', (_, name, part) => {
  it('is encoded in time that does not grow with the square of its length', { timeout: 120_000 }, () => {
    const { encode, decode } = openTokenizer(join('test/golden/tokenizers', name));
    const text = part.repeat(1e6 / part.length);
    expect(decode(encode(text))).toBe(text);
  });
});

describe('openTokenizer refuses', () => {
  const place = (file: string) => join(folder, file);

  it('a tokenizer of an unknown kind', async () => {
    writeTokenizer(folder);
    writeFileSync(place('tokenizer.json'), '{"model": {"type": "Oracle", "vocab": {}}, "added_tokens": []}');
    const error = await inputErrorOf(() => openTokenizer(folder));
    expect(error).toMatchObject({
      code: 'bad-checkpoint',
      where: `${place('tokenizer.json')}: model.type`,
    });
  });

  it.each([
    [
      'a token that is matched in single words only',
      { added_tokens: [{ id: 3, content: 'a', single_word: true }] },
    ],
    ['a post-processor of an unknown kind', { post_processor: { type: 'BertProcessing' } }],
    ['a pre-tokenizer that cuts words at spaces', { pre_tokenizer: { type: 'Metaspace', replacement: '▁' } }],
    [
      'a pattern whose matches join the next word',
      {
        pre_tokenizer: {
          type: 'Sequence',
          pretokenizers: [
            { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithNext', invert: false },
          ],
        },
      },
    ],
    ['a pre-tokenizer of an unknown kind', { pre_tokenizer: { type: 'Oracle' } }],
    [
      'a template without its text',
      { post_processor: { type: 'TemplateProcessing', single: [], special_tokens: {} } },
    ],
    [
      'a template with a token that it does not define',
      {
        post_processor: {
          type: 'TemplateProcessing',
          single: [{ SpecialToken: { id: '<s>' } }, { Sequence: { id: 'A' } }],
          special_tokens: {},
        },
      },
    ],
    ['an id that no embedding has', { added_tokens: [{ id: 2 ** 40, content: 'a' }] }],
    ['a vocabulary of other things than ids', { model: { type: 'BPE', vocab: { a: '0' }, merges: [] } }],
    ['a normalizer of an unknown kind', { normalizer: { type: 'Oracle' } }],
    ['a merge of no token', { model: { type: 'BPE', vocab: { a: 0 }, merges: ['a a'] } }],
  ])('%s', async (_, part) => {
    writeTokenizer(folder);
    const json = JSON.parse(readFileSync(place('tokenizer.json'), 'utf8'));
    writeFileSync(place('tokenizer.json'), JSON.stringify({ ...json, ...part }));
    expect(await inputErrorOf(() => openTokenizer(folder))).toMatchObject({ code: 'bad-checkpoint' });
  });

  it.each([
    ['tokenizer.json', '{', 'not-json'],
    ['tokenizer.json', '[]', 'bad-checkpoint'],
    ['tokenizer_config.json', '"x"', 'bad-checkpoint'],
  ])('%s with the content %s', async (file, text, code) => {
    writeTokenizer(folder);
    writeFileSync(place(file), text);
    const error = await inputErrorOf(() => openTokenizer(folder));
    expect(error).toMatchObject({ code, where: place(file) });
  });

  it.each(['tokenizer.json', 'tokenizer_config.json'])('a folder without %s', async (file) => {
    writeTokenizer(folder);
    rmSync(place(file));
    const error = await inputErrorOf(() => openTokenizer(folder));
    expect(error).toMatchObject({ code: 'not-found', where: place(file) });
  });
});
