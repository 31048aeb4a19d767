import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { importWatched } from '../../../src/model/folder/import-checkpoint.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { mountSmallDisk } from '../../support/second-disk.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
const disk = join(root, 'disk');
const unmount = mountSmallDisk(disk, 400);
afterAll(() => unmount?.());
const { folder: source } = writeRandomCheckpoint(join(root, 'small'), {});
/** 2 MB */
const { folder: large } = writeRandomCheckpoint(join(root, 'large'), { hiddenSize: 256, headDim: 64 });

describe.skipIf(!unmount)('an import into another file system', () => {
  it('copies the weights byte for byte, after a line about their size and the free space', async () => {
    const notes: string[] = [];
    const steps: string[] = [];
    const out = join(disk, 'copied');
    const watch = {
      onNote: (line: string) => notes.push(line),
      onStep: (step: object) => steps.push(JSON.stringify(step)),
    };
    await importWatched(source, out, watch);
    const weights = readFileSync(join(source, 'model.safetensors'));
    expect(readFileSync(join(out, 'model.safetensors')).equals(weights)).toBe(true);
    expect(statSync(join(out, 'model.safetensors')).dev).not.toBe(statSync(source).dev);
    expect(notes).toEqual([
      expect.stringMatching(/cannot be linked here .*: \d+\.\d+ MB are copied, \d+\.\d+ MB are free$/),
    ]);
    expect(steps).toEqual([
      JSON.stringify({ work: 'Copying weights', bytes: weights.length, total: weights.length }),
    ]);
  });

  it('is refused before anything is copied where there is too little room', async () => {
    const error = await inputErrorOf(() => importWatched(large, join(disk, 'large'), {}));
    expect(error.code).toBe('not-writable');
    expect(error.expected).toMatch(/^\d+\.\d MB free on its disk$/);
    expect(readdirSync(disk).filter((name) => name.includes('large'))).toEqual([]);
  });

  it('is refused if only links are allowed, naming the file', async () => {
    const error = await inputErrorOf(() => importWatched(source, join(disk, 'linked'), { linkOnly: true }));
    expect(error).toMatchObject({ code: 'not-writable', where: join(source, 'model.safetensors') });
    expect(readdirSync(disk).filter((name) => name.includes('linked'))).toEqual([]);
  });

  it('is refused where quantised weights have no room', async () => {
    const error = await inputErrorOf(() => importWatched(large, join(disk, 'large'), { precision: 'int8' }));
    expect(error.expected).toContain('MB free on its disk');
  });
});

describe('an import on the same file system', () => {
  it('may be told to link only, and then links', async () => {
    const notes: string[] = [];
    const out = join(root, 'out');
    await importWatched(source, out, { linkOnly: true, onNote: (line) => notes.push(line) });
    expect(statSync(join(out, 'model.safetensors')).ino).toBe(
      statSync(join(source, 'model.safetensors')).ino,
    );
    expect(notes).toEqual([]);
  });
});
