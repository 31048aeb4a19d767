import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/sha256.ts';
import { extractCheckpoint } from '../../../src/model/extract/extract-checkpoint.ts';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { readGolden } from '../../support/golden.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** Written by scripts/train/extracted_golden.py. */
interface ExtractedGolden {
  readonly models: Record<string, Record<string, { sha256: Record<string, string>; ids: number[][] }>>;
}

const { models } = JSON.parse(readFileSync('test/golden/extracted.json', 'utf8')) as ExtractedGolden;
const root = tempFolder();

/** The whole models, and what PyTorch answers for them. */
const WHOLE: Readonly<Record<string, () => { source: string; golden: string }>> = {
  ...Object.fromEntries(
    ['sft', 'soft', 'early-exit'].map((name) => [
      name,
      () => ({ source: join('eval-data/nano/models', name), golden: `test/golden/nano-${name}.json` }),
    ]),
  ),
  'exit-heads': () => {
    const source = join(root, 'exit-heads-model');
    const folder = 'test/golden/exit-heads';
    importCheckpoint(join(folder, 'base'), source, { heads: join(folder, 'heads.yaml') });
    return { source, golden: join(folder, 'golden.json') };
  },
};

describe.each(Object.keys(WHOLE))('the extracted sub-models of %s', (name) => {
  const extracted = models[name]!;
  const { source, golden } = WHOLE[name]!();

  it('are the files that transformers opened', async () => {
    const { checkpoints } = await extractCheckpoint(source, join(root, name));
    expect(checkpoints.map(({ exit }) => String(exit))).toEqual(Object.keys(extracted));
    for (const { exit, folder } of checkpoints) {
      const files = Object.entries(extracted[exit]!.sha256);
      expect(files.map(([file]) => [file, sha256(readFileSync(join(folder, file)))])).toEqual(files);
    }
  });

  it('answer in transformers as the whole model at their exit, whose ids are ours', () => {
    const cases = readGolden(golden);
    for (const [exit, { ids }] of Object.entries(extracted)) {
      expect(ids).toEqual(cases.map(({ exits }) => exits[exit]));
    }
  });
});
