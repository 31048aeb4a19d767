import { mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runMain } from '../cli/run.ts';
import { writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { damagedCopy, expectRefused, named } from './hostile-case.ts';
import { wrongBases, wrongShards } from './path-cases.ts';

/** Every path that the code under test hands to node:fs. */
const touched = vi.hoisted(() => new Set<string>());
vi.mock('node:fs', async (importOriginal) => {
  const recorded = Object.entries(await importOriginal<object>()).map(([name, real]) => {
    if (typeof real !== 'function' || !name.endsWith('Sync')) return [name, real];
    const record = (...args: unknown[]) => {
      if (typeof args[0] === 'string') touched.add(args[0]);
      return real(...args);
    };
    return [name, record];
  });
  return Object.fromEntries(recorded);
});

const root = tempFolder();
const shape = { layers: 2, exits: [1, 2] };
const outside = writeRandomCheckpoint(join(root, 'outside'), shape).folder;
const sharded = writeRandomCheckpoint(join(root, 'sharded'), { ...shape, shards: 2 }).folder;
const models = join(root, 'models');

afterEach(() => {
  for (const path of [join(root, 'damaged'), models]) rmSync(path, { recursive: true, force: true });
});

/** Imports a checkpoint and tells which paths outside of it and of the model folder were touched. */
async function importAndWatch(checkpoint: string) {
  touched.clear();
  const ended = await runMain(['import', checkpoint, join(models, 'out')]);
  const strange = [...touched].filter((path) =>
    [checkpoint, models].every((folder) => relative(folder, resolve(path)).startsWith('..')),
  );
  return { ended, strange };
}

describe('an import touches nothing outside the checkpoint for the sake of a', () => {
  it.each(named(wrongShards(outside)))('%s', async (_, hostile) => {
    const { ended, strange } = await importAndWatch(damagedCopy(sharded, root, hostile));
    expectRefused(ended, /./, models);
    expect(strange).toEqual([]);
  });

  it('base, unless it is a relative path', async () => {
    const base = wrongBases(outside).filter(({ name }) => name.endsWith('an absolute path'));
    for (const hostile of base) {
      const { ended, strange } = await importAndWatch(damagedCopy(sharded, root, hostile));
      expectRefused(ended, /base.*absolute path/, models);
      expect(strange).toEqual([]);
    }
  });
});

describe('a checkpoint of links', () => {
  it('into a folder of blobs, as Hugging Face’s cache keeps it, is imported, and the blobs are shared', async () => {
    const snapshot = writeRandomCheckpoint(join(root, 'cache', 'snapshots', '1'), shape).folder;
    const blobs = join(root, 'cache', 'blobs');
    mkdirSync(blobs);
    for (const name of readdirSync(snapshot)) {
      renameSync(join(snapshot, name), join(blobs, name));
      symlinkSync(join('..', '..', 'blobs', name), join(snapshot, name));
    }
    const { ended } = await importAndWatch(snapshot);
    expect(ended.code, ended.stderr).toBe(0);
    const [own, shared] = [join(models, 'out'), blobs].map((folder) =>
      statSync(join(folder, 'model.safetensors')),
    );
    expect(own!.ino).toBe(shared!.ino);
  });
});
