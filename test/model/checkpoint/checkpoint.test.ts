import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/model/checkpoint/checkpoint.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { type CheckpointOptions, writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { type NamedTensor, writeSafetensors } from '../../support/safetensors-file.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
const folder = join(root, 'checkpoint');
const write = (options: CheckpointOptions = {}) => writeRandomCheckpoint(folder, options);
const failure = (exits?: number[]) => inputErrorOf(() => openCheckpoint(folder, { exits }));
const edit = (file: string, change: (value: Record<string, unknown>) => unknown) =>
  writeFileSync(
    join(folder, file),
    JSON.stringify(change(JSON.parse(readFileSync(join(folder, file), 'utf8')))),
  );
const filled = (name: string, ...shape: number[]): NamedTensor => ({
  name,
  shape,
  values: new Float32Array(shape.reduce((product, size) => product * size, 1)),
});

beforeEach(() => rmSync(folder, { recursive: true, force: true }));

describe('openCheckpoint', () => {
  it('takes exits from the caller, else from exits.json, else the paper’s', () => {
    write({ exits: [1, 2, 4], kind: 'soft' });
    expect(openCheckpoint(folder, { exits: [2, 4] }).exits).toEqual([2, 4]);
    expect(openCheckpoint(folder)).toMatchObject({ exits: [1, 2, 4], kind: 'soft' });
    rmSync(join(folder, 'exits.json'));
    expect(openCheckpoint(folder)).toMatchObject({ exits: [1, 2, 3, 4], kind: 'plain' });
  });

  it('finds the tensors of all shards', () => {
    const { weights } = write({ shards: 3 });
    const { tensors, files } = openCheckpoint(folder);
    expect([...tensors.keys()].sort()).toEqual([...weights.keys()].sort());
    expect(files.map(({ path }) => basename(path))).toEqual(
      [1, 2, 3].map((shard) => `model-0000${shard}-of-00003.safetensors`),
    );
  });

  it('needs no lm_head where the head is tied, and one where it is not', async () => {
    write({ tiedHead: true });
    expect(openCheckpoint(folder).tensors.has('lm_head.weight')).toBe(false);
    edit('config.json', (config) => ({ ...config, tie_word_embeddings: false }));
    expect(await failure()).toMatchObject({ code: 'bad-checkpoint', where: `${folder}: lm_head.weight` });
  });

  it('takes ends of an answer from generation_config.json before config.json', () => {
    write();
    expect(openCheckpoint(folder).eosTokenIds).toEqual([1]);
    writeFileSync(join(folder, 'generation_config.json'), '{"eos_token_id": [1, 2]}');
    expect(openCheckpoint(folder).eosTokenIds).toEqual([1, 2]);
    writeFileSync(join(folder, 'generation_config.json'), '{}');
    expect(openCheckpoint(folder).eosTokenIds).toEqual([1]);
  });

  it('finds the biases that config.json turns on, and misses one that is not there', async () => {
    const { weights } = write({ attentionBias: true, mlpBias: true });
    const tensors = openCheckpoint(folder).tensors;
    expect([...tensors.keys()].filter((name) => name.endsWith('.bias'))).toHaveLength(4 * 7);
    expect(tensors.get('model.layers.3.self_attn.k_proj.bias')!.shape).toEqual([16]);
    const missing = 'model.layers.2.mlp.down_proj.bias';
    const rest = [...weights.values()].filter(({ name }) => name !== missing);
    writeSafetensors(join(folder, 'model.safetensors'), rest, 'F32');
    expect(await failure()).toMatchObject({ code: 'bad-checkpoint', where: `${folder}: ${missing}` });
  });

  it('keeps notes on what it decided', () => {
    write({ config: { pretraining_tp: 2 } });
    expect(openCheckpoint(folder).notes).toEqual([expect.stringMatching('pretraining_tp')]);
  });

  it('passes the rotary frequencies that old checkpoints hold', () => {
    const { weights } = write();
    const extra = filled('model.layers.0.self_attn.rotary_emb.inv_freq', 4);
    writeSafetensors(join(folder, 'model.safetensors'), [...weights.values(), extra], 'F32');
    expect(openCheckpoint(folder).architecture.layers).toBe(4);
  });
});

describe('openCheckpoint refuses', () => {
  it('no folder, with the command that downloads a repository', async () => {
    const error = await failure();
    expect(error).toMatchObject({ code: 'not-found', where: folder, found: 'no such folder' });
    expect(error.fix).toContain('hf download');
  });

  it('a folder without config.json', async () => {
    mkdirSync(folder, { recursive: true });
    expect(await failure()).toMatchObject({ code: 'not-found', where: join(folder, 'config.json') });
  });

  it('a config.json that is not JSON', async () => {
    write();
    writeFileSync(join(folder, 'config.json'), '{');
    expect(await failure()).toMatchObject({ code: 'not-json', where: join(folder, 'config.json') });
  });

  it('a missing weights file, and a missing shard by its name', async () => {
    write();
    rmSync(join(folder, 'model.safetensors'));
    expect(await failure()).toMatchObject({ code: 'not-found', where: join(folder, 'model.safetensors') });
    write({ shards: 2 });
    rmSync(join(folder, 'model-00002-of-00002.safetensors'));
    expect((await failure()).where).toBe(join(folder, 'model-00002-of-00002.safetensors'));
  });

  it('an adapter, with a network beside it or without one', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'adapter_config.json'), '{}');
    const refusal = { code: 'unsupported-model', where: join(folder, 'adapter_config.json') };
    expect(await failure()).toMatchObject(refusal);
    write();
    const error = await failure();
    expect(error).toMatchObject(refusal);
    expect(error.message).toContain('--base');
  });

  it.each<[string, NamedTensor, RegExp]>([
    ['shape', filled('model.layers.1.mlp.up_proj.weight', 32, 40), /shape \[40, 32\], found F32 \[32, 40\]/],
    ['rank', filled('model.norm.weight', 1, 32), /shape \[32\], found F32 \[1, 32\]/],
  ])('a tensor of the wrong %s', async (_, wrong, message) => {
    const { weights } = write();
    const tensors = [...weights.values()].map((tensor) => (tensor.name === wrong.name ? wrong : tensor));
    writeSafetensors(join(folder, 'model.safetensors'), tensors, 'F32');
    const error = await failure();
    expect(error).toMatchObject({
      code: 'bad-checkpoint',
      where: `${join(folder, 'model.safetensors')}: ${wrong.name}`,
    });
    expect(error.message).toMatch(message);
  });

  it('a tensor of a dtype that it cannot use', async () => {
    write();
    const path = join(folder, 'model.safetensors');
    const bytes = readFileSync(path);
    // Same length, so that no offset moves.
    bytes.write('"I32"', bytes.indexOf('"F32"', bytes.indexOf('model.norm.weight')));
    writeFileSync(path, bytes);
    const error = await failure();
    expect(error).toMatchObject({ code: 'bad-checkpoint', where: `${path}: model.norm.weight` });
    expect(error.message).toContain('expected F32, F16, BF16 of shape [32], found I32 [32]');
  });

  it.each([
    ['bias', 'model.layers.0.self_attn.q_proj.bias'],
    ['layer beyond the last', 'model.layers.4.mlp.up_proj.weight'],
  ])('a %s, which would be left out in silence', async (_, name) => {
    const { weights } = write();
    writeSafetensors(join(folder, 'model.safetensors'), [...weights.values(), filled(name, 32)], 'F32');
    expect(await failure()).toMatchObject({
      code: 'unsupported-model',
      where: `${join(folder, 'model.safetensors')}: ${name}`,
    });
  });

  it('a tensor that lies in two shards', async () => {
    const { weights } = write({ shards: 2 });
    const second = join(folder, 'model-00002-of-00002.safetensors');
    writeSafetensors(second, [...weights.values()].slice(-20), 'F32');
    const error = await failure();
    expect(error.code).toBe('bad-checkpoint');
    expect(error.where.startsWith(`${second}: `)).toBe(true);
    expect(error.message).toContain('it also in model-00001-of-00002.safetensors');
  });

  it.each(['../outside.safetensors', '/etc/passwd', 'sub/model.safetensors', 'model.bin', '..'])(
    'the shard name %s',
    async (name) => {
      write({ shards: 2 });
      const file = 'model.safetensors.index.json';
      edit(file, () => ({ weight_map: { 'model.norm.weight': name } }));
      const error = await failure();
      expect(error).toMatchObject({ code: 'bad-checkpoint', where: `${join(folder, file)}: weight_map` });
      expect(error.message).toContain(JSON.stringify(name));
    },
  );

  it('exits that the model does not have, naming the place that requests them', async () => {
    write({ exits: [1, 5] });
    expect(await failure()).toMatchObject({ code: 'unknown-exit', where: join(folder, 'exits.json') });
    expect(await failure([9])).toMatchObject({ code: 'unknown-exit', where: 'the requested exits' });
  });

  it('an early-exit checkpoint that lacks the head of an exit or whose base is gone', async () => {
    write({ kind: 'early-exit', exits: [2, 4], base: join(root, 'sft') });
    expect(await failure()).toMatchObject({
      code: 'not-found',
      where: join(root, 'sft', 'model.safetensors'),
    });
    writeRandomCheckpoint(join(root, 'sft'));
    expect(openCheckpoint(folder).kind).toBe('early-exit');
    const error = await failure([1, 2, 4]);
    expect(error).toMatchObject({ code: 'bad-checkpoint', where: `${folder}: exit_heads.1.weight` });
  });
});
