import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { refusalOf, runMain } from '../cli/run.ts';
import { writeInstructions, writeSweep } from '../evaluate/trio.ts';
import { writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { wrongConfigs, wrongExits, wrongTokenizers } from './checkpoint-cases.ts';
import { wrongEntries, wrongHeaders } from './header-cases.ts';
import { damagedCopy, named } from './hostile-case.ts';
import { lengthWords, otherFiles, truncations } from './safetensors-cases.ts';
import { wrongTexts } from './text-cases.ts';

const root = tempFolder();
const intact = writeRandomCheckpoint(join(root, 'intact'), { layers: 2, exits: [1, 2] }).folder;
const file = readFileSync(join(intact, 'model.safetensors'));
writeInstructions(root, 1);
const sweep = writeSweep(root, {
  models: { damaged: { path: 'damaged' } },
  comparisons: [],
  kl: undefined,
  judge: undefined,
});

const all = [
  ...truncations(file),
  ...lengthWords(file),
  ...wrongEntries(),
  ...wrongHeaders(),
  ...otherFiles(),
  ...wrongTexts(['config.json', 'exits.json', 'tokenizer.json']),
  ...wrongConfigs(),
  ...wrongExits(),
  ...wrongTokenizers(),
];

afterEach(() => {
  for (const name of ['damaged', 'out']) rmSync(join(root, name), { recursive: true, force: true });
});

describe('a sweep over a damaged checkpoint is refused in one line and makes no results:', () => {
  // The same cases as for import, of which one in ten shows that a sweep ends as it does.
  it.each(named(all.filter((_, index) => index % 10 === 0)))('%s', async (_, hostile) => {
    damagedCopy(intact, root, hostile);
    refusalOf(await runMain(['sweep', sweep]));
    expect(existsSync(join(root, 'out'))).toBe(false);
  });
});
