import { copyFileSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/sha256.ts';
import { hashFiles } from '../../../src/model/folder/hash-files.ts';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { readManifest } from '../../../src/model/folder/read-manifest.ts';
import { subModelKey } from '../../../src/model/folder/sub-model-key.ts';
import type { CheckpointOptions } from '../../support/random-checkpoint.ts';
import { importRandomModel } from '../../support/random-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
let count = 0;
const model = (options: CheckpointOptions = {}) =>
  importRandomModel(root, `model-${count++}`, { exits: [2, 4], ...options });
const hashed = (folder: string) => hashFiles(folder, readManifest(folder));
const keyOf = async (folder: string, exit: number) => subModelKey(await hashed(folder), exit);

/** Flips the lowest bit of one byte; the checkpoint's file is the same inode. */
function changeByte(path: string, offset: number): void {
  const byte = readFileSync(path)[offset]!;
  writeSync(openSync(path, 'r+'), Buffer.of(byte ^ 1), 0, 1, offset);
}

describe('hashFiles', () => {
  it('hashes weights at their first use only, and keeps that in model.json', async () => {
    const { modelFolder } = model();
    expect(readManifest(modelFolder).files['model.safetensors']!.sha256).toBeNull();
    const { files } = await hashed(modelFolder);
    expect(files['model.safetensors']!.sha256).toBe(
      sha256(readFileSync(join(modelFolder, 'model.safetensors'))),
    );
    expect(readManifest(modelFolder).files).toEqual(files);
  });

  it('believes a stored hash while size and time stand still', async () => {
    const { modelFolder } = model();
    const manifest = await hashed(modelFolder);
    const files = { ...manifest.files };
    files['model.safetensors'] = { ...files['model.safetensors']!, sha256: 'stored' };
    expect((await hashFiles(modelFolder, { ...manifest, files })).files).toEqual(files);
  });

  it('hashes again what was changed in place', async () => {
    const { modelFolder, folder } = model();
    const before = await hashed(modelFolder);
    changeByte(join(folder, 'model.safetensors'), 5000);
    const after = await hashed(modelFolder);
    expect(after.files['model.safetensors']!.sha256).not.toBe(before.files['model.safetensors']!.sha256);
    expect(after.files['head.onnx']).toEqual(before.files['head.onnx']);
  });

  it('keeps what is hashed already when it is interrupted', async () => {
    const { modelFolder } = model({ shards: 2 });
    const controller = new AbortController();
    const read: number[] = [];
    const onBytes = (bytes: number) => {
      read.push(bytes);
      controller.abort();
    };
    const options = { onBytes, signal: controller.signal };
    const interrupted = hashFiles(modelFolder, readManifest(modelFolder), options);
    await expect(interrupted).rejects.toThrow('aborted');
    const { files } = readManifest(modelFolder);
    const [first, second] = Object.values(files).filter(({ bytes }) => bytes > 20_000);
    expect(read).toEqual([first!.bytes]);
    expect(first!.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(second!.sha256).toBeNull();
  });
});

describe('subModelKey', () => {
  it('is the same for the same model, wherever it lies', async () => {
    expect(await keyOf(model().modelFolder, 4)).toBe(await keyOf(model().modelFolder, 4));
  });

  it('differs between exits', async () => {
    const { modelFolder } = model();
    expect(await keyOf(modelFolder, 2)).not.toBe(await keyOf(modelFolder, 4));
  });

  it('differs with any byte of the weights', async () => {
    const { modelFolder, folder } = model();
    const size = readFileSync(join(folder, 'model.safetensors')).length;
    const keys = new Set([await keyOf(modelFolder, 4)]);
    for (const offset of [size - 1, Math.floor(size / 2), size - 20_000]) {
      changeByte(join(folder, 'model.safetensors'), offset);
      keys.add(await keyOf(modelFolder, 4));
    }
    expect(keys.size).toBe(4);
  });

  it('does not differ with a shard that only deeper layers read', async () => {
    const { modelFolder, folder } = model({ shards: 3 });
    const before = [await keyOf(modelFolder, 2), await keyOf(modelFolder, 4)];
    const last = join(folder, 'model-00003-of-00003.safetensors');
    changeByte(last, readFileSync(last).length - 1);
    expect(await keyOf(modelFolder, 2)).toBe(before[0]);
    expect(await keyOf(modelFolder, 4)).not.toBe(before[1]);
  });

  it.each(['tokenizer.json', 'tokenizer_config.json'])('differs with %s', async (file) => {
    const { modelFolder, folder } = model();
    const before = await keyOf(modelFolder, 4);
    writeFileSync(join(folder, file), `${readFileSync(join(folder, file), 'utf8')} `);
    importCheckpoint(folder, modelFolder, { replace: true });
    expect(await keyOf(modelFolder, 4)).not.toBe(before);
  });

  it('differs with precision, graph version and every number of the architecture', async () => {
    const manifest = await hashed(model().modelFolder);
    const variants = [
      { ...manifest, precision: 'int8' as never },
      { ...manifest, graphVersion: 1 as never },
      { ...manifest, architecture: { ...manifest.architecture, rmsNormEps: 2e-5 } },
      { ...manifest, architecture: { ...manifest.architecture, ropeTheta: 20_000 } },
    ];
    const keys = [manifest, ...variants].map((variant) => subModelKey(variant, 4));
    expect(new Set(keys).size).toBe(5);
  });

  it('is the SFT model’s for the last exit of an early-exit model, and its own before that', async () => {
    const sft = model();
    const earlyExit = model({ kind: 'early-exit', base: sft.folder });
    expect(await keyOf(earlyExit.modelFolder, 4)).toBe(await keyOf(sft.modelFolder, 4));
    expect(await keyOf(earlyExit.modelFolder, 2)).not.toBe(await keyOf(sft.modelFolder, 2));
  });

  it('does not depend on whether the weights are linked or copied', async () => {
    const { modelFolder, folder } = model();
    const before = await keyOf(modelFolder, 4);
    rmSync(join(modelFolder, 'model.safetensors'));
    copyFileSync(join(folder, 'model.safetensors'), join(modelFolder, 'model.safetensors'));
    expect(await keyOf(modelFolder, 4)).toBe(before);
  });

  it('cannot be computed before the files are hashed', () => {
    expect(() => subModelKey(readManifest(model().modelFolder), 4)).toThrow('was not hashed');
  });
});
