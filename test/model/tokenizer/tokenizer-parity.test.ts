import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';

/** What scripts/train/tokenizer_golden.py writes; it says what the fields are. */
interface Golden {
  readonly ids: readonly number[][];
  readonly default: Readonly<Record<string, number[]>>;
  readonly decoded: Readonly<Record<string, string>>;
  readonly random: readonly (readonly [number[], string])[];
}

const GOLDEN = 'test/golden/tokenizers';
const readGzip = (path: string) => JSON.parse(gunzipSync(readFileSync(path)).toString('utf8'));
const texts: readonly string[] = readGzip(join(GOLDEN, 'texts.json.gz'));

describe.each(['smollm2-style', 'llama2-style', 'llama2-metaspace', 'llama3-style', 'qwen2-style'])(
  'a %s tokenizer',
  (name) => {
    compare(join(GOLDEN, name), join(GOLDEN, name, 'golden.json.gz'));
  },
);

const folder = process.env['SORTED_EVAL_TOKENIZER'];
const goldenFile = process.env['SORTED_EVAL_TOKENIZER_GOLDEN'];
describe.skipIf(!folder || !goldenFile)('the tokenizer of SORTED_EVAL_TOKENIZER', () => {
  if (folder && goldenFile && existsSync(goldenFile)) compare(folder, goldenFile);
  else it('needs SORTED_EVAL_TOKENIZER_GOLDEN (Hugging Face’s ids)', () => expect.unreachable());
});

/** Each failure shows the first few texts and what became of them. */
function compare(tokenizerFolder: string, goldenPath: string) {
  const tokenizer = openTokenizer(tokenizerFolder);
  const golden: Golden = readGzip(goldenPath);
  const different = (rows: readonly { ours: unknown; theirs: unknown }[]) =>
    rows.filter(({ ours, theirs }) => JSON.stringify(ours) !== JSON.stringify(theirs)).slice(0, 5);

  it('gives 5,000 texts the ids of Hugging Face’s with split_special_tokens=True', () => {
    expect(golden.ids).toHaveLength(5000);
    const rows = texts.map((text, place) => ({
      text,
      ours: tokenizer.encode(text),
      theirs: golden.ids[place],
    }));
    expect(different(rows)).toEqual([]);
  });

  it('gives text without special tokens Hugging Face’s default ids', () => {
    const lookAlike = /<s>|<\/s>|<unk>|<pad>|\[PAD\]|<\|\w+\|>|<repo_name>|<file_sep>/;
    const others = Object.keys(golden.default).map((place) => texts[Number(place)]!);
    expect(others.length).toBeGreaterThan(50);
    expect(others.filter((text) => !lookAlike.test(text))).toEqual([]);
  });

  it('decodes them as Hugging Face does', () => {
    const rows = texts.map((text, place) => ({
      ours: tokenizer.decode(golden.ids[place]!),
      theirs: golden.decoded[place] ?? text,
    }));
    expect(different(rows)).toEqual([]);
  });

  it('decodes ids in random order, of bytes that are no UTF-8 too, as Hugging Face does', () => {
    const rows = golden.random.map(([ids, theirs]) => ({ ids, ours: tokenizer.decode(ids), theirs }));
    expect(rows.some(({ theirs }) => theirs.includes('\uFFFD'))).toBe(true);
    expect(different(rows)).toEqual([]);
  });
}
