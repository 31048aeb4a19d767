import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTokenizer } from '../../src/model/tokenizer.ts';
import { inputErrorOf } from '../support/failure.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { BOS, EOS, writeTokenizer } from '../support/tokenizer-files.ts';

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

  it('decodes no ids as the empty text', () => {
    expect(tokenizer.decode([])).toBe('');
  });
});

describe('openTokenizer refuses', () => {
  const place = (file: string) => join(folder, file);

  it('a tokenizer of an unknown kind', async () => {
    writeTokenizer(folder);
    writeFileSync(place('tokenizer.json'), '{"model": {"type": "Oracle", "vocab": {}}, "added_tokens": []}');
    const error = await inputErrorOf(() => openTokenizer(folder));
    expect(error).toMatchObject({ code: 'bad-checkpoint', where: place('tokenizer.json') });
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
