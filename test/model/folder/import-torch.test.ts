import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { silentProgress } from '../../../src/core/progress.ts';
import { folderChecks } from '../../../src/doctor/check-folder.ts';
import { describeModel } from '../../../src/model/folder/describe.ts';
import { hashFiles } from '../../../src/model/folder/hash-files.ts';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { subModelSizes } from '../../../src/model/folder/sizes/sub-model-sizes.ts';
import { type CheckpointOptions, writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { LLAMA_7B, writeSparseCheckpoint } from '../../support/sparse-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
const source = join(root, 'checkpoint');
const out = join(root, 'models', 'out');
const write = (options: CheckpointOptions = {}) =>
  writeRandomCheckpoint(source, { format: 'torch', exits: [2, 4], ...options });

beforeEach(() => rmSync(root, { recursive: true, force: true }));

describe('a checkpoint of .bin files', () => {
  it('is used in place: its own files, linked, beside small graphs', () => {
    write({ shards: 2 });
    const manifest = importCheckpoint(source, out);
    const weights = readdirSync(out).filter((name) => name.endsWith('.bin'));
    expect(weights).toEqual(['pytorch_model-00001-of-00002.bin', 'pytorch_model-00002-of-00002.bin']);
    for (const file of weights) expect(statSync(join(out, file)).ino).toBe(statSync(join(source, file)).ino);
    expect(manifest.segments.flatMap(({ weights: held }) => held)).toEqual(expect.arrayContaining(weights));
  });

  it('of LLaMA-7B’s shape is linked, not read, and the files that are new stay small', () => {
    writeSparseCheckpoint(source, LLAMA_7B, 2, 'torch');
    const { files } = importCheckpoint(source, out);
    const own = Object.entries(files).filter(([name]) => !name.endsWith('.bin'));
    expect(Object.keys(files).filter((name) => name.endsWith('.bin'))).toHaveLength(2);
    expect(own.reduce((sum, [, { bytes }]) => sum + bytes, 0)).toBeLessThan(1_000_000);
    const largest = Math.max(...Object.values(files).map(({ bytes }) => bytes));
    expect(largest).toBeGreaterThan(2 ** 32);
  });

  it('is hashed, described and checked like any other', async () => {
    write({ dtype: 'BF16' });
    const manifest = await hashFiles(out, importCheckpoint(source, out));
    expect(manifest.files['pytorch_model.bin']!.sha256).toMatch(/^[0-9a-f]{64}$/);
    const fromTorch = subModelSizes(describeModel(out));
    const checks = await folderChecks(out, { progress: silentProgress });
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
    writeRandomCheckpoint(join(root, 'same'), { exits: [2, 4], dtype: 'BF16' });
    expect(fromTorch).toEqual(subModelSizes(describeModel(join(root, 'same'))));
  });

  it.each(['int8', 'int4'] as const)(
    'is quantised to %s into the bytes of the same safetensors',
    (precision) => {
      write({ dtype: 'F16', shards: 2 });
      importCheckpoint(source, out, { precision });
      writeRandomCheckpoint(join(root, 'same'), { exits: [2, 4], dtype: 'F16' });
      importCheckpoint(join(root, 'same'), join(root, 'models', 'same'), { precision });
      const [ours, expected] = ['out', 'same'].map((name) =>
        readFileSync(join(root, 'models', name, 'quantised.safetensors')),
      );
      expect(ours!.equals(expected!)).toBe(true);
    },
  );

  it('may be the base of an early-exit model', () => {
    const base = join(root, 'sft');
    writeRandomCheckpoint(base, { format: 'torch', exits: [2, 4] });
    writeRandomCheckpoint(source, { kind: 'early-exit', exits: [2, 4], base });
    const { files } = importCheckpoint(source, out);
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['pytorch_model.bin', 'exit_heads.safetensors']),
    );
  });
});
