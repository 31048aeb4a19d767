import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../../src/model/checkpoint/checkpoint.ts';
import { inputErrorOf } from '../../../support/failure.ts';
import { type CheckpointOptions, writeRandomCheckpoint } from '../../../support/random-checkpoint.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const folder = join(tempFolder(), 'checkpoint');
const write = (...options: CheckpointOptions[]) => {
  for (const it of options) writeRandomCheckpoint(folder, { layers: 2, ...it });
};
const open = () => {
  const { files, notes } = openCheckpoint(folder);
  return { files: files.map(({ path }) => basename(path)), notes };
};
const failure = () => inputErrorOf(() => openCheckpoint(folder));

const SINGLE = { seed: 1 };
const SHARDS = { seed: 2, shards: 2 };
const BIN = { seed: 3, format: 'torch' } as const;
const BIN_SHARDS = { seed: 4, format: 'torch', shards: 2 } as const;

beforeEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the weights of a folder', () => {
  it.each<[string, CheckpointOptions, string[]]>([
    ['model.safetensors', SINGLE, ['model.safetensors']],
    ['its shards', SHARDS, ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']],
    ['pytorch_model.bin', BIN, ['pytorch_model.bin']],
    ['its shards', BIN_SHARDS, ['pytorch_model-00001-of-00002.bin', 'pytorch_model-00002-of-00002.bin']],
  ])('are %s where nothing else lies there, without a note', (_, options, files) => {
    write(options);
    expect(open()).toEqual({ files, notes: [] });
  });

  it.each<[string, CheckpointOptions[], string, string]>([
    [
      'one file before an index',
      [SHARDS, SINGLE],
      'model.safetensors',
      'model.safetensors.index.json beside',
    ],
    ['safetensors before .bin', [BIN, SINGLE], 'model.safetensors', 'pytorch_model.bin beside it is not'],
    [
      'shards of safetensors before .bin',
      [BIN, SHARDS],
      'model.safetensors.index.json',
      'pytorch_model.bin ',
    ],
    [
      'one .bin before an index',
      [BIN_SHARDS, BIN],
      'pytorch_model.bin',
      'pytorch_model.bin.index.json beside',
    ],
  ])('are those that transformers 5 reads, %s, and a note names both', (_, options, chosen, other) => {
    write(...options);
    const { files, notes } = open();
    expect(files[0]!.split(/[-.]/)[0]).toBe(chosen.split('.')[0]);
    expect(files).toHaveLength(chosen.endsWith('index.json') ? 2 : 1);
    expect(notes).toEqual([expect.stringContaining(`${chosen} is read, as transformers does; ${other}`)]);
  });
});

describe('the weights of a folder are refused', () => {
  it('where there are none, with the names that were looked for', async () => {
    write(SINGLE);
    rmSync(join(folder, 'model.safetensors'));
    const error = await failure();
    expect(error).toMatchObject({ code: 'not-found', where: join(folder, 'model.safetensors') });
    expect(error.expected).toContain('pytorch_model.bin.index.json');
  });

  it.each([
    [SHARDS, 'model.safetensors.index.json'],
    [BIN_SHARDS, 'pytorch_model.bin.index.json'],
  ])('as shards without an index', async (options, index) => {
    write(options);
    rmSync(join(folder, index));
    const error = await failure();
    expect(error).toMatchObject({ code: 'not-found', where: join(folder, index) });
    expect(error.message).toMatch(/found 2 shards \(.+\) and no index\. Download .+\.index\.json too/);
  });

  it('as a stale index: none of its shards is there, or one is missing', async () => {
    write(SHARDS);
    rmSync(join(folder, 'model-00002-of-00002.safetensors'));
    expect((await failure()).message).toMatch(/model-00002-of.+1 of its 2 shards are missing.+this shard/);
    rmSync(join(folder, 'model-00001-of-00002.safetensors'));
    expect((await failure()).message).toMatch(/2 of its 2 shards are missing.+left over from other weights/);
  });

  it('as an index that names files of another kind', async () => {
    write(BIN_SHARDS);
    const index = join(folder, 'pytorch_model.bin.index.json');
    writeFileSync(index, readFileSync(index, 'utf8').replaceAll('.bin"', '.pth"'));
    expect((await failure()).message).toContain('expected the name of a .bin file in the same folder');
  });
});
