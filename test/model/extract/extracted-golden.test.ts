import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/sha256.ts';
import { extractCheckpoint } from '../../../src/model/extract/extract-checkpoint.ts';
import { readGolden } from '../../support/golden.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** Written by scripts/train/extracted_golden.py. */
interface ExtractedGolden {
  readonly models: Record<string, Record<string, { sha256: Record<string, string>; ids: number[][] }>>;
}

const { models } = JSON.parse(readFileSync('test/golden/extracted.json', 'utf8')) as ExtractedGolden;
const root = tempFolder();

describe.each(['sft', 'soft', 'early-exit'])('the extracted sub-models of the nano %s model', (name) => {
  const golden = models[name]!;

  it('are the files that transformers opened', async () => {
    const { checkpoints } = await extractCheckpoint(join('eval-data/nano/models', name), join(root, name));
    expect(checkpoints.map(({ exit }) => String(exit))).toEqual(Object.keys(golden));
    for (const { exit, folder } of checkpoints) {
      const files = Object.entries(golden[exit]!.sha256);
      expect(files.map(([file]) => [file, sha256(readFileSync(join(folder, file)))])).toEqual(files);
    }
  });

  it('answer in transformers as the whole model at their exit, whose ids are ours', () => {
    const cases = readGolden(`test/golden/nano-${name}.json`);
    expect(cases.length).toBeGreaterThanOrEqual(32);
    for (const [exit, { ids }] of Object.entries(golden)) {
      expect(ids).toEqual(cases.map(({ exits }) => exits[exit]));
    }
  });
});
