import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openSession } from '../../../src/engine/session/session.ts';
import { readSafetensorsHeader } from '../../../src/model/checkpoint/safetensors.ts';
import { describeModel } from '../../../src/model/folder/describe.ts';
import { importCheckpoint, importWatched } from '../../../src/model/folder/import-checkpoint.ts';
import { readManifest } from '../../../src/model/folder/read-manifest.ts';
import { modelSize } from '../../../src/model/folder/sizes/model-size.ts';
import { totalSize } from '../../../src/model/folder/sizes/sub-model-sizes.ts';
import type { WeightsStep } from '../../../src/model/folder/weights/place-weights.ts';
import type { QuantisedPrecision } from '../../../src/model/quantise/precision.ts';
import { damageTensor } from '../../support/damage-tensor.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { type CheckpointOptions, writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { LLAMA_3_2_1B, writeSparseCheckpoint } from '../../support/sparse-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
const EXITS = [2, 4];
let count = 0;
let source = '';
let out = '';

beforeEach(() => {
  source = join(root, `checkpoint-${count}`);
  out = join(root, `folder-${count++}`);
});

const write = (options: CheckpointOptions = {}, folder = source) =>
  writeRandomCheckpoint(folder, { exits: EXITS, ...options }).folder;
const importAs = (precision: QuantisedPrecision, folder = source, to = out) =>
  importCheckpoint(folder, to, { precision, replace: true });
const weightFiles = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
const tensorsOf = (folder: string) => [
  ...readSafetensorsHeader(join(folder, 'quantised.safetensors')).tensors,
];

describe.each<QuantisedPrecision>(['int8', 'int4'])('importing as %s', (precision) => {
  it('writes a folder that needs the checkpoint no more, and whose graphs ONNX Runtime opens', async () => {
    write({ shards: 2 });
    const manifest = importAs(precision);
    expect(manifest.precision).toBe(precision);
    expect(readManifest(out)).toEqual(manifest);
    expect(weightFiles(out)).toEqual(['quantised.safetensors']);
    expect(statSync(join(out, 'quantised.safetensors')).nlink).toBe(1);
    const graphs = readdirSync(out).filter((name) => name.endsWith('.onnx'));
    expect(graphs).toContain('segment-00.onnx');
    for (const graph of graphs) await (await openSession(join(out, graph))).close();
  });

  it('holds a matrix in 9 bits a weight, or in little more than 5, with its vectors as floats', () => {
    write({ hiddenSize: 64, intermediateSize: 128 });
    importAs(precision);
    const layer = tensorsOf(out).filter(([name]) => name.startsWith('model.layers.0.mlp.up_proj.weight.'));
    const bits = (8 * layer.reduce((sum, [, { bytes }]) => sum + bytes, 0)) / (128 * 64);
    expect(bits).toBe(precision === 'int8' ? 9 : 5.125);
    const floats = tensorsOf(out).filter(([name, { dtype }]) => dtype === 'F32' && !name.endsWith('.scales'));
    expect(floats.map(([name]) => name)).toContain('model.layers.3.input_layernorm.weight');
    expect(floats.every(([name]) => name.includes('norm'))).toBe(true);
  });

  it('holds a tied embedding and head once, with 8 bits', () => {
    write({ tiedHead: true });
    const { heads } = importAs(precision);
    const wide = tensorsOf(out).filter(([name]) => /embed|head/.test(name));
    expect(wide.map(([name]) => name)).toEqual([
      'model.embed_tokens.weight.scales',
      'model.embed_tokens.weight.codes',
    ]);
    expect(heads[0]!.head).toMatchObject({ tensor: 'model.embed_tokens.weight', dtype: 'int8' });
  });

  it('gives the layers of an early-exit model the bytes that they have in its SFT model', () => {
    const base = write({}, join(root, `sft-${count}`));
    const sft = `${out}-sft`;
    importAs(precision, base, sft);
    write({ kind: 'early-exit', base });
    const manifest = importAs(precision);
    expect(weightFiles(out)).toEqual(['quantised.safetensors', 'quantised_exit_heads.safetensors']);
    const bytes = (folder: string) => readFileSync(join(folder, 'quantised.safetensors'));
    expect(bytes(out).equals(bytes(sft))).toBe(true);
    expect(manifest.heads.map(({ head }) => head.file)).toEqual([
      'quantised_exit_heads.safetensors',
      'quantised.safetensors',
    ]);
  });

  it('does not depend on how the checkpoint holds the same numbers', () => {
    const bytes = [{}, { dtype: 'BF16' }, { dtype: 'F16', shards: 3 }, { shift: 3 }].map((options, index) => {
      const folder = write(options as CheckpointOptions, `${source}-${index}`);
      importAs(precision, folder);
      return readFileSync(join(out, 'quantised.safetensors')).toString('base64');
    });
    expect(new Set(bytes).size).toBe(1);
  });

  it('counts parameters as before and bytes as they are stored', () => {
    const base = write({}, join(root, `base-${count}`));
    write({ kind: 'early-exit', base });
    const whole = modelSize(importCheckpoint(source, out, { replace: true }));
    const size = modelSize(importAs(precision));
    const { weightBytes, extraHeadBytes, ...parameters } = size;
    expect(whole).toMatchObject(parameters);
    expect(weightBytes).toBe(totalSize(describeModel(out)).bytes);
    const heads = readSafetensorsHeader(join(out, 'quantised_exit_heads.safetensors')).tensors;
    expect(extraHeadBytes).toBe([...heads.values()].reduce((sum, { bytes }) => sum + bytes, 0));
  });

  it.each(['NaN', '-Infinity'] as const)(
    'refuses a weight of %s by its name and leaves nothing',
    async (damage) => {
      write();
      const tensor = 'model.layers.1.self_attn.k_proj.weight';
      damageTensor(join(source, 'model.safetensors'), tensor, 40, damage);
      const error = await inputErrorOf(() => importAs(precision));
      expect(error).toMatchObject({ code: 'bad-checkpoint', where: expect.stringContaining(tensor) });
      expect(error.message).toContain(`found ${damage}`);
      expect(readdirSync(root).filter((name) => name.startsWith(`folder-${count - 1}`))).toEqual([]);
    },
  );
});

describe('importWatched', () => {
  /** 33 million numbers; only the embedding is larger than a piece. */
  const large = { ...LLAMA_3_2_1B, layers: 1, hiddenSize: 256, intermediateSize: 512, heads: 4, kvHeads: 2 };

  it('reads pieces of a million numbers, whatever the size of a tensor, and reports each', async () => {
    writeSparseCheckpoint(source, large, 2);
    const pieces: number[] = [];
    const totals = new Set<number>();
    const onStep = ({ bytes, total }: WeightsStep) => {
      pieces.push(bytes);
      totals.add(total);
    };
    const { files } = await importWatched(source, out, { precision: 'int4', onStep });
    expect(Math.max(...pieces)).toBe(2 * 2 ** 20);
    expect([...totals]).toEqual([pieces.reduce((sum, bytes) => sum + bytes, 0)]);
    expect(files['quantised.safetensors']!.sha256).toBeNull();
  });

  it('stops between two pieces when it is interrupted, and leaves nothing', async () => {
    writeSparseCheckpoint(source, large, 1);
    const controller = new AbortController();
    let pieces = 0;
    const onStep = () => {
      pieces++;
      controller.abort();
    };
    const options = { precision: 'int8', onStep, signal: controller.signal } as const;
    await expect(importWatched(source, out, options)).rejects.toThrow('aborted');
    expect(pieces).toBe(1);
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(root).filter((name) => name.includes('.partial'))).toEqual([]);
  });
});
