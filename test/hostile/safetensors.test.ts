import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { wrongEntries, wrongHeaders } from './header-cases.ts';
import { importDamaged, named } from './hostile-case.ts';
import * as cases from './safetensors-cases.ts';

const root = tempFolder();
const intact = writeRandomCheckpoint(join(root, 'intact'), { layers: 2 }).folder;
const file = readFileSync(join(intact, 'model.safetensors'));

afterEach(() => {
  for (const name of ['damaged', 'models']) rmSync(join(root, name), { recursive: true, force: true });
});

describe.each([
  ['cut', cases.truncations(file)],
  ['of another header length', cases.lengthWords(file)],
  ['of wrong entries', wrongEntries()],
  ['of another header', wrongHeaders()],
  ['that are something else', cases.otherFiles()],
])('weights %s', (_, hostile) => {
  it.each(named(hostile))('%s', async (_, damage) => {
    await importDamaged(intact, root, damage);
  });
});

describe('weights with a flipped bit', () => {
  const FLIPS = 150;
  let refused = 0;

  it.each(named(cases.headerFlips(file, FLIPS)))('in the header: %s', async (_, hostile) => {
    if ((await importDamaged(intact, root, hostile)) === 'refused') refused++;
  });

  it('in the header are refused, save for a few letters of no meaning', async () => {
    expect(refused).toBeGreaterThan(0.9 * FLIPS);
    expect(await importDamaged(intact, root, cases.harmlessFlip(file))).toBe('whole');
  });

  it.each(named(cases.dataFlips(file, 5)))('in the numbers are weights as well: %s', async (_, damage) => {
    expect(await importDamaged(intact, root, damage)).toBe('whole');
  });
});
