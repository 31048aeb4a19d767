import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refusalOf, runMain } from '../cli/run.ts';
import { writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { endlessTemplates, wrongTemplates } from './chat-cases.ts';
import { named } from './hostile-case.ts';

const root = tempFolder();
const { folder: checkpoint } = writeRandomCheckpoint(join(root, 'checkpoint'), { layers: 1, exits: [1] });
const sweep = join(root, 'sweep.yaml');
writeFileSync(join(root, 'instructions.json'), JSON.stringify([{ instruction: 'Name three colors.' }]));
writeFileSync(
  sweep,
  'name: chat\ninstructions: instructions.json\noutput: out\nmodels: {a: {path: checkpoint, prompt: chat}}\n',
);

describe.each([
  ['without end', endlessTemplates()],
  ['of another kind', wrongTemplates()],
])('a chat template %s is refused in one line, in time, and nothing is asked', (_kind, hostile) => {
  it.each(named(hostile))('%s', async (_name, { change }) => {
    change(checkpoint);
    const startedAt = performance.now();
    const line = refusalOf(await runMain(['generate', sweep]));
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    expect(line.length).toBeLessThan(1000);
    rmSync(join(root, 'out'), { recursive: true });
  });

  it.each(named(hostile))('its import alone runs nothing of it: %s', async (_name, { change }) => {
    change(checkpoint);
    const out = join(root, 'model');
    expect([0, 2]).toContain((await runMain(['import', checkpoint, out])).code);
    rmSync(out, { recursive: true, force: true });
  });
});
