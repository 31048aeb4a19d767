import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { headOfExit, type Manifest } from '../../../src/model/folder/manifest.ts';
import { readManifest } from '../../../src/model/folder/read-manifest.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { importRandomModel } from '../../support/random-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
let folder = '';
let count = 0;
beforeEach(() => {
  folder = importRandomModel(root, `model-${count++}`, { exits: [2, 4] }).modelFolder;
});
const failure = () => inputErrorOf(() => readManifest(folder));
const edit = (change: (manifest: Manifest) => object) => {
  const path = join(folder, 'model.json');
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
};

describe('readManifest refuses', () => {
  it('a folder without model.json', async () => {
    rmSync(join(folder, 'model.json'));
    expect(await failure()).toMatchObject({ code: 'not-found', where: join(folder, 'model.json') });
  });

  it('half a model.json', async () => {
    truncateSync(join(folder, 'model.json'), 100);
    expect((await failure()).code).toBe('not-json');
  });

  it.each<[string, (manifest: Manifest) => object]>([
    ['graphVersion', (manifest) => ({ ...manifest, graphVersion: manifest.graphVersion + 1 })],
    ['format', (manifest) => ({ ...manifest, format: 2 })],
    ['precision', (manifest) => ({ ...manifest, precision: 'fp8' })],
    ['exits', (manifest) => ({ ...manifest, exits: 'all' })],
  ])('another %s and advises to import again', async (key, change) => {
    edit(change);
    const error = await failure();
    expect(error).toMatchObject({ code: 'bad-schema', where: `${join(folder, 'model.json')}: ${key}` });
    expect(error.message).toContain('Import the checkpoint again');
  });

  it.each(['head.onnx', 'tokenizer.json', 'model.safetensors'])('a missing or shortened %s', async (file) => {
    truncateSync(join(folder, file), 10);
    expect(await failure()).toMatchObject({ code: 'bad-checkpoint', where: join(folder, file) });
    rmSync(join(folder, file));
    expect((await failure()).message).toContain('found no such file');
  });
});

describe('headOfExit', () => {
  it('names the exits that exist when another one is requested', async () => {
    const manifest = readManifest(folder);
    expect(headOfExit(manifest, 2, 'sweep.yaml').file).toBe('head.onnx');
    const error = await inputErrorOf(() => headOfExit(manifest, 3, 'sweep.yaml'));
    expect(error).toMatchObject({ code: 'unknown-exit', where: 'sweep.yaml' });
    expect(error.message).toContain('one of the exits 2, 4, found 3');
  });
});
