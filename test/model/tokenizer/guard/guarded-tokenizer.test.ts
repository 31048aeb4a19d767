import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isStock } from '../../../../src/model/tokenizer/guard/stock-parts.ts';
import { openTokenizer } from '../../../../src/model/tokenizer/tokenizer.ts';
import { tokenizerJson } from '../../../../src/model/tokenizer/tokenizer-json.ts';
import { inputErrorOf } from '../../../support/failure.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { writeTokenizer } from '../../../support/tokenizer-files.ts';

const GOLDEN = 'test/golden/tokenizers';
const root = tempFolder();
const texts: readonly string[] = readGzip(join(GOLDEN, 'texts.json.gz'));

function readGzip(path: string) {
  return JSON.parse(gunzipSync(readFileSync(path)).toString('utf8'));
}

/** A copy of a tokenizer with other parts. */
function changed(name: string, source: string, change: (json: Record<string, unknown>) => object): string {
  const folder = join(root, name);
  cpSync(source, folder, { recursive: true });
  const path = join(folder, 'tokenizer.json');
  const json = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...json, ...change(json) }));
  return folder;
}

/** A step that changes nothing, but is no stock one. */
const NOTHING = { type: 'Replace', pattern: { Regex: 'never (?=again)\u0001' }, content: '' };
const after = (decoder: unknown) => {
  const { type, decoders } = decoder as { type: string; decoders: object[] };
  return { type: 'Sequence', decoders: [...(type === 'Sequence' ? decoders : [decoder]), NOTHING] };
};

describe.each(['smollm2-style', 'llama2-style', 'llama2-metaspace', 'llama3-style'])(
  'a guarded %s tokenizer',
  (name) => {
    const folder = changed(name, join(GOLDEN, name), ({ decoder }) => ({ decoder: after(decoder) }));
    const { encode, decode } = openTokenizer(folder);
    const golden = readGzip(join(GOLDEN, name, 'golden.json.gz'));

    it('is one with foreign parts', () => {
      const json = tokenizerJson.parse(JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8')));
      expect(isStock(json)).toBe(false);
    });

    it('gives 5,000 texts the ids of Hugging Face’s', () => {
      expect(texts.filter((text, place) => String(encode(text)) !== String(golden.ids[place]))).toEqual([]);
    });

    it('decodes ids as Hugging Face does', () => {
      const wrong = (golden.random as [number[], string][]).filter(([ids, text]) => decode(ids) !== text);
      expect(wrong).toEqual([]);
    });
  },
);

describe('a hostile tokenizer', () => {
  const plain = join(root, 'plain');
  cpSync(join(GOLDEN, 'llama3-style'), plain, { recursive: true });
  writeTokenizer(plain);
  const double = { type: 'Replace', pattern: { String: 'e' }, content: 'ee' };
  const split = (Regex: string) => ({
    type: 'Split',
    pattern: { Regex },
    behavior: 'Isolated',
    invert: false,
  });
  const CASES: [title: string, parts: object][] = [
    ['a pattern that backtracks', { pre_tokenizer: split('(?:[A-z .]|[A-z .]|[A-z .])+\u0001') }],
    [
      'a pattern that backtracks in its normalizer',
      { normalizer: { ...NOTHING, pattern: { Regex: '(?:[A-z .]|[A-z .]|[A-z .])+\u0001' } } },
    ],
    [
      'replacements that double a text forty times',
      { normalizer: { type: 'Sequence', normalizers: Array(40).fill(double) } },
    ],
    [
      'replacements that double a text, whose letters a pattern then takes one by one',
      {
        normalizer: {
          type: 'Sequence',
          normalizers: [...Array(23).fill(double), { ...NOTHING, pattern: { Regex: '.' }, content: 'ab' }],
        },
      },
    ],
    [
      'thirty beginnings of a megabyte',
      {
        normalizer: {
          type: 'Sequence',
          normalizers: Array(30).fill({ type: 'Prepend', prepend: 'x'.repeat(1e6) }),
        },
      },
    ],
    [
      'replacements that double what it decodes',
      { decoder: { type: 'Sequence', decoders: Array(40).fill(double) } },
    ],
    ['a pattern that is none', { pre_tokenizer: split('(') }],
  ];

  it.each(CASES)('is refused in one line and in time: %s', { timeout: 60_000 }, async (title, parts) => {
    const folder = changed(title, plain, () => parts);
    const error = await inputErrorOf(() => openTokenizer(folder));
    expect(error).toMatchObject({ code: 'bad-checkpoint', where: join(folder, 'tokenizer.json') });
  });

  it('is refused at the text that it cannot read, and reads others afterwards', {
    timeout: 60_000,
  }, async () => {
    const folder = changed('late', plain, () => ({ pre_tokenizer: split('(?:!+)+\\?') }));
    const { encode } = openTokenizer(folder);
    const before = encode('Hello');
    expect(await inputErrorOf(() => encode('!'.repeat(60)))).toMatchObject({ code: 'bad-checkpoint' });
    expect(encode('Hello')).toEqual(before);
  });
});
