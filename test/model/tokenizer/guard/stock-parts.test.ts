import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isStock } from '../../../../src/model/tokenizer/guard/stock-parts.ts';
import { tokenizerJson } from '../../../../src/model/tokenizer/tokenizer-json.ts';

const GOLDEN = 'test/golden/tokenizers';
const NAMES = ['smollm2-style', 'llama2-style', 'llama2-metaspace', 'llama3-style'];
const read = (folder: string) =>
  tokenizerJson.parse(JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8')));
const plain = read('eval-data/nano/models/sft');
const isStockWith = (parts: object) => isStock({ ...plain, ...parts });
const sequence = (type: string, steps: object[]) => ({ type: 'Sequence', [type]: steps });
const split = (Regex: string) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false });

describe('the parts of well-known tokenizers run without a guard:', () => {
  it.each([...NAMES.map((name) => join(GOLDEN, name)), 'eval-data/nano/models/sft'])('%s', (folder) => {
    expect(isStock(read(folder))).toBe(true);
  });

  it('DeepSeek-V3’s three patterns, and Qwen2’s with NFC', () => {
    const deepSeek = [
      '\\p{N}{1,3}',
      '[一-龥\u3040-ゟ゠-ヿ]+',
      '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+',
    ].map(split);
    expect(isStockWith({ pre_tokenizer: sequence('pretokenizers', deepSeek) })).toBe(true);
    const qwen =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    const pre_tokenizer = sequence('pretokenizers', [split(qwen)]);
    expect(isStockWith({ normalizer: { type: 'NFC' }, pre_tokenizer })).toBe(true);
  });
});

describe('a guard is needed for', () => {
  const replace = (pattern: object, content: string) => ({ type: 'Replace', pattern, content });
  it.each<[string, object]>([
    ['a pattern that is only almost a stock one', { pre_tokenizer: split('(?:\\p{N}{1,3})+') }],
    ['a step that nobody knows', { pre_tokenizer: { type: 'constructor' } }],
    ['a pattern in a normalizer', { normalizer: replace({ Regex: 'a' }, 'b') }],
    ['a replacement by a longer text', { normalizer: replace({ String: 'a' }, 'aa') }],
    ['a replacement by a longer text in a decoder', { decoder: replace({ String: 'a' }, 'aa') }],
    ['a beginning of many characters', { normalizer: { type: 'Prepend', prepend: 'a'.repeat(99) } }],
    [
      'two beginnings',
      { normalizer: sequence('normalizers', Array(2).fill({ type: 'Prepend', prepend: 'a' })) },
    ],
    [
      'more steps than any known tokenizer has',
      { normalizer: sequence('normalizers', Array(99).fill({ type: 'NFC' })) },
    ],
    ['a sequence inside a sequence', { normalizer: sequence('normalizers', [sequence('normalizers', [])]) }],
    ['a step that is not an object', { normalizer: sequence('normalizers', [null as never]) }],
    [
      'an added token as long as a book',
      { added_tokens: [{ ...plain.added_tokens[0], content: 'a'.repeat(1e5) }] },
    ],
  ])('%s', (_, parts) => {
    expect(isStockWith(parts)).toBe(false);
  });
});
