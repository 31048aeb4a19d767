import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/sha256.ts';
import { alpacaPrompt } from '../../src/data/alpaca-prompt.ts';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { extractCheckpoint } from '../../src/model/extract/extract-checkpoint.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { openTokenizer } from '../../src/model/tokenizer/tokenizer.ts';
import { type GoldenCase, greedyIds } from '../support/golden.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Written by scripts/train/extracted_golden.py with `--prompts eval-data/nano/data/test.json`: by exit. */
type Extracted = Record<string, { sha256: Record<string, string>; ids: number[][] }>;

const checkpoint = process.env['SORTED_EVAL_SMOLLM2'];
const golden = process.env['SORTED_EVAL_SMOLLM2_EXTRACTED'];

if (checkpoint && golden)
  describe('the extracted sub-models of SmolLM2-135M', () => {
    const root = tempFolder();
    const { models } = JSON.parse(readFileSync(golden, 'utf8')) as { models: Record<string, Extracted> };
    const extracted = Object.values(models)[0]!;

    it('are the files that transformers opened', { timeout: 600_000 }, async () => {
      const { checkpoints } = await extractCheckpoint(checkpoint, join(root, 'extracted'));
      expect(checkpoints.map(({ exit }) => `${exit}`)).toEqual(Object.keys(extracted));
      for (const { exit, folder } of checkpoints) {
        for (const [file, hash] of Object.entries(extracted[exit]!.sha256))
          expect([exit, file, sha256(readFileSync(join(folder, file)))]).toEqual([exit, file, hash]);
      }
    });

    it('answer in transformers with our ids at every exit', { timeout: 1_800_000 }, async () => {
      importCheckpoint(checkpoint, join(root, 'model'));
      const model = await SegmentedModel.open(join(root, 'model'));
      const cases = casesOf(extracted, checkpoint);
      expect(await greedyIds(model, cases)).toEqual(cases.map(({ exits }) => exits));
      await model.close();
    });
  });
else
  describe.skip('the extracted sub-models of SmolLM2-135M', () => {
    it('needs SORTED_EVAL_SMOLLM2 (checkpoint) and SORTED_EVAL_SMOLLM2_EXTRACTED (transformers’ ids)', () => {});
  });

function casesOf(extracted: Extracted, checkpoint: string): GoldenCase[] {
  const tokenizer = openTokenizer(checkpoint);
  const count = Object.values(extracted)[0]!.ids.length;
  const records = JSON.parse(readFileSync('eval-data/nano/data/test.json', 'utf8')).slice(0, count);
  expect(count).toBeGreaterThanOrEqual(32);
  return records.map((record: { instruction: string; input: string }, index: number) => ({
    prompt_ids: tokenizer.encode(alpacaPrompt(record)),
    exits: Object.fromEntries(Object.entries(extracted).map(([exit, { ids }]) => [exit, ids[index]!])),
    logits: {},
    last_logits: {},
  }));
}
