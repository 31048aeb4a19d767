import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { openModel } from '../../src/engine/open-model.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { openTokenizer } from '../../src/model/tokenizer/tokenizer.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** What scripts/train/case_golden.py writes. */
interface Golden {
  readonly text: string;
  readonly prompt: readonly number[];
  readonly ids: readonly number[];
  readonly answer: string;
}

const checkpoint = 'test/golden/cases/pandalm-as-shipped';
const golden: readonly Golden[] = JSON.parse(
  gunzipSync(readFileSync(join(checkpoint, 'golden.json.gz'))).toString('utf8'),
);

it('a checkpoint as PandaLM ships one, with tokenizer.model, responds token for token as PyTorch does', async () => {
  const folder = join(tempFolder(), 'model');
  importCheckpoint(checkpoint, folder, { exits: [3] });
  const tokenizer = openTokenizer(folder);
  expect(golden.map(({ text }) => tokenizer.encode(text))).toEqual(golden.map(({ prompt }) => prompt));
  const model = await openModel(folder);
  const responses = new Map<Golden, unknown>();
  const questions = golden.map((it) => ({ tag: it, text: it.text }));
  for await (const { tag, tokenIds, text } of model.answer(questions, { maxNewTokens: 24 }))
    responses.set(tag, { ids: [...tokenIds], answer: text });
  await model.close();
  expect(golden.map((it) => responses.get(it))).toEqual(golden.map(({ ids, answer }) => ({ ids, answer })));
});
