import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runMain } from '../cli/run.ts';
import { ADAPTERS, writeAdapterBase } from '../support/adapters.ts';
import { call, named as namedGlobal, pickle, text } from '../support/pickle-file.ts';
import { type CheckpointOptions, writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { archiveParts } from '../support/torch-file.ts';
import { zipBytes } from '../support/zip-file.ts';
import * as cases from './adapter-cases.ts';
import { damagedCopy, expectRefused, type HostileCase, named } from './hostile-case.ts';

const root = tempFolder();
const base = writeAdapterBase(root, 'linear');

afterEach(() => {
  for (const name of ['damaged', 'models']) rmSync(join(root, name), { recursive: true, force: true });
});

async function expectAdapterRefused(
  hostile: HostileCase,
  { adapter = 'linear', place = base }: { readonly adapter?: string; readonly place?: string } = {},
): Promise<void> {
  const copy = damagedCopy(join(ADAPTERS, adapter), root, hostile);
  const ended = await runMain(['import', copy, join(root, 'models', 'out'), '--base', place]);
  expectRefused(ended, hostile.said ?? /./, join(root, 'models'));
}

describe.each([
  ['settings', cases.wrongSettings()],
  ['patterns', cases.wrongPatterns()],
  ['text', cases.wrongTexts()],
  ['tensors', cases.wrongTensors()],
])('an adapter is refused in one line and leaves nothing behind for its %s:', (_kind, hostile) => {
  it.each(named(hostile))('%s', async (_name, damage) => {
    await expectAdapterRefused(damage);
  });
});

describe('an adapter of another base is refused, and names the one that it was trained on:', () => {
  const shapes: Record<string, CheckpointOptions> = {
    'another width': { hiddenSize: 64, headDim: 16 },
    'fewer layers': { layers: 2 },
    'other heads': { kvHeads: 4 },
    'another MLP': { intermediateSize: 48 },
  };

  it.each(Object.keys(shapes))('%s', async (name) => {
    const place = writeRandomCheckpoint(join(root, name), shapes[name]).folder;
    await expectAdapterRefused({ name, change: () => {}, said: /trained on: grouped-query/ }, { place });
  });
});

describe('an adapter’s pickle', () => {
  it.each(['os.system', 'builtins.eval', 'subprocess.Popen', 'torch.load'])(
    'that calls %s is refused, and nothing is run',
    async (name) => {
      const dot = name.lastIndexOf('.');
      const gadget = pickle(
        call(namedGlobal(name.slice(0, dot), name.slice(dot + 1)), text('touch gadget-was-run')),
      );
      await expectAdapterRefused(
        {
          name,
          change: (folder) =>
            writeFileSync(join(folder, 'adapter_model.bin'), zipBytes(archiveParts(gadget))),
          said: /Nothing of it was run/,
        },
        { adapter: 'bin', place: writeAdapterBase(root, 'bin') },
      );
      expect(existsSync('gadget-was-run')).toBe(false);
    },
  );
});
