import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** What scripts/train/sentencepiece_golden.py writes; it describes the fields. */
interface Golden {
  readonly ids: readonly number[][];
  readonly decoded: Readonly<Record<string, string>>;
  readonly random: readonly (readonly [number[], string])[];
}

const GOLDEN = 'test/golden/tokenizers';
const readGzip = (path: string) => gunzipSync(readFileSync(path));
const readJson = (path: string) => JSON.parse(readGzip(path).toString('utf8'));
const texts: readonly string[] = readJson(join(GOLDEN, 'texts.json.gz'));
const root = tempFolder();

describe.each(['llama', 'openllama', 'suffix'])('a SentencePiece model with the settings of %s', (name) => {
  const golden = join(GOLDEN, `sentencepiece-${name}`);
  compare(readGzip(join(golden, 'tokenizer.model.gz')), join(golden, 'golden.json.gz'), name);
});

const model = process.env['SORTED_EVAL_SENTENCEPIECE'];
const goldenFile = process.env['SORTED_EVAL_SENTENCEPIECE_GOLDEN'];
describe.skipIf(!model || !goldenFile)('the model of SORTED_EVAL_SENTENCEPIECE', () => {
  if (model && goldenFile) compare(readFileSync(model), goldenFile, 'own');
});

/** Each failure shows the first few texts and what became of them. */
function compare(bytes: Buffer, goldenPath: string, name: string) {
  const folder = join(root, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'tokenizer.model'), bytes);
  writeFileSync(join(folder, 'tokenizer_config.json'), '{"add_bos_token": false}');
  const tokenizer = openTokenizer(folder);
  const golden: Golden = readJson(goldenPath);
  const different = (rows: readonly { ours: unknown; theirs: unknown }[]) =>
    rows.filter(({ ours, theirs }) => JSON.stringify(ours) !== JSON.stringify(theirs)).slice(0, 5);

  it('gives 5,000 texts the ids of Google’s library', () => {
    expect(golden.ids).toHaveLength(5000);
    const rows = texts.map((text, place) => ({
      text,
      ours: tokenizer.encode(text),
      theirs: golden.ids[place],
    }));
    expect(different(rows)).toEqual([]);
  });

  it('decodes them as the library does', () => {
    const rows = texts.map((text, place) => ({
      ours: tokenizer.decode(golden.ids[place]!),
      theirs: golden.decoded[place] ?? text,
    }));
    expect(different(rows)).toEqual([]);
  });

  it('decodes ids in random order, of bytes that are no UTF-8 too, as the library does', () => {
    const rows = golden.random.map(([ids, theirs]) => ({ ids, ours: tokenizer.decode(ids), theirs }));
    expect(rows.some(({ theirs }) => /[\uFFFD\u2047]/.test(theirs))).toBe(true);
    expect(different(rows)).toEqual([]);
  });
}
