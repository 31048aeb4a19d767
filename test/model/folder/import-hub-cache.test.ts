import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkpointPath } from '../../../src/model/checkpoint/hub-cache.ts';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { readManifest } from '../../../src/model/folder/read-manifest.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { intoHubCache, REVISION } from '../../support/hub-cache.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
const hub = join(root, 'hub');
const out = join(root, 'out');
const blobOf = (path: string) => join(path, '..', readlinkSync(path));
let folder: string;
let snapshot: string;

beforeEach(() => {
  for (const name of ['hub', 'out', 'checkpoint']) rmSync(join(root, name), { recursive: true, force: true });
  writeRandomCheckpoint(join(root, 'checkpoint'), { shards: 2, exits: [2, 4] });
  ({ folder, snapshot } = intoHubCache(join(root, 'checkpoint'), hub, 'owner/name'));
});

describe('a snapshot of Hugging Face’s cache', () => {
  it('is imported under the names of its links, and links the blobs', () => {
    const manifest = importCheckpoint(snapshot, out);
    expect(readManifest(out)).toEqual(manifest);
    const shard = 'model-00001-of-00002.safetensors';
    expect(statSync(join(out, shard)).ino).toBe(statSync(blobOf(join(snapshot, shard))).ino);
    expect(readFileSync(join(out, 'tokenizer.json'))).toEqual(readFileSync(join(snapshot, 'tokenizer.json')));
  });

  it('is what its repository’s folder stands for', () => {
    expect(importCheckpoint(folder, out).source.folder).toBe(snapshot);
  });

  it.each(['config.json', 'tokenizer.json', 'exits.json', 'model-00002-of-00002.safetensors'])(
    'whose blob of %s is missing is refused with the command that downloads it',
    async (name) => {
      rmSync(blobOf(join(snapshot, name)));
      const error = await inputErrorOf(() => importCheckpoint(snapshot, out));
      expect(error).toMatchObject({ code: 'not-found', where: join(snapshot, name) });
      expect(error.found).toMatch(/^a link to \.\.\/\.\.\/blobs\/b+\d, which is not there$/);
      expect(error.fix).toBe(`The download is not complete: hf download owner/name --revision ${REVISION}.`);
      expect(existsSync(out)).toBe(false);
    },
  );

  it.each([
    'config.json',
    'tokenizer.json',
    'model.safetensors.index.json',
    'model-00001-of-00002.safetensors',
  ])('that lacks %s is refused with the command that downloads it', async (name) => {
    rmSync(join(snapshot, name));
    const error = await inputErrorOf(() => importCheckpoint(snapshot, out));
    expect(error.code).toBe('not-found');
    expect(error.where).toContain(name);
    expect(error.fix).toContain('hf download owner/name');
  });

  it('may lack the blob of weights that are not read', () => {
    symlinkSync('../../blobs/gone', join(snapshot, 'pytorch_model.bin'));
    expect(importCheckpoint(snapshot, out).exits).toEqual([2, 4]);
  });
});

describe('a repository’s folder in the cache', () => {
  it('with several snapshots and no main is refused with their names', async () => {
    rmSync(join(folder, 'refs', 'main'));
    mkdirSync(join(folder, 'snapshots', 'aaaa'));
    const error = await inputErrorOf(() => importCheckpoint(folder, out));
    expect(error.found).toBe(`${REVISION}, aaaa`);
  });

  it('whose main was not downloaded is refused', async () => {
    rmSync(snapshot, { recursive: true });
    expect((await inputErrorOf(() => importCheckpoint(folder, out))).found).toBe('none');
  });
});

describe('checkpointPath', () => {
  it.each<[string, Record<string, string>]>([
    ['HF_HUB_CACHE', { HF_HUB_CACHE: hub }],
    ['HF_HOME', { HF_HOME: root }],
  ])('finds a repository by its name where %s says', (_, environment) => {
    expect(checkpointPath('/nowhere', 'owner/name', environment)).toBe(folder);
  });

  it('takes a path that is there, and leaves alone what is nowhere', () => {
    mkdirSync(join(root, 'owner', 'name'), { recursive: true });
    expect(checkpointPath(root, 'owner/name', { HF_HUB_CACHE: hub })).toBe(join(root, 'owner', 'name'));
    rmSync(join(root, 'owner'), { recursive: true });
    expect(checkpointPath(root, 'owner/other', { HF_HUB_CACHE: hub })).toBe(join(root, 'owner', 'other'));
    expect(checkpointPath(root, '../x', { HF_HUB_CACHE: hub })).toBe(join(root, '..', 'x'));
  });
});
