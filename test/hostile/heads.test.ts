import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FILE, intactHeads, wrongEntries, wrongHeads, wrongYaml } from './heads-cases.ts';
import { type HostileCase, importDamaged, named } from './hostile-case.ts';

const root = tempFolder();
const { folder: intact } = writeRandomCheckpoint(join(root, 'intact'), { layers: 2 });
intactHeads(intact);
const withHeads = (checkpoint: string) => ['--heads', join(checkpoint, 'heads.yaml')];

afterEach(() => {
  for (const name of ['damaged', 'models']) rmSync(join(root, name), { recursive: true, force: true });
});

it('heads as they should be are imported', async () => {
  const whole: HostileCase = { name: 'none', change: () => {}, fate: 'whole' };
  await importDamaged(intact, root, whole, withHeads);
});

describe.each([
  ['heads.yaml', wrongYaml()],
  ['entry', wrongEntries()],
  ['file', wrongHeads()],
])('heads from elsewhere are refused for their %s, given', (_kind, hostile) => {
  it.each(named(hostile))('%s', async (_name, damage) => {
    await importDamaged(intact, root, damage, withHeads);
    expect(existsSync('gadget-was-run')).toBe(false);
  });
});

it.each([
  [
    'beside heads of the checkpoint’s own',
    { 'exits.json': '{"kind": "early-exit", "exits": [1, 2], "base": "."}' },
    [],
  ],
  ['for a kind without heads', {}, ['--kind', 'sft']],
  ['for an exit without an entry', { 'heads.yaml': `2: {file: ${FILE}, tensor: h}` }, ['--exits', '1,2']],
])('heads from elsewhere are refused %s', async (_name, files: Record<string, string>, options: string[]) => {
  const change = (folder: string) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  };
  await importDamaged(intact, root, { name: '', change }, (checkpoint) => [
    ...withHeads(checkpoint),
    ...options,
  ]);
});
