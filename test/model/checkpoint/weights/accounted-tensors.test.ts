import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../../src/model/checkpoint/checkpoint.ts';
import { hashFiles } from '../../../../src/model/folder/hash-files.ts';
import { importCheckpoint } from '../../../../src/model/folder/import-checkpoint.ts';
import { importIfChanged } from '../../../../src/model/folder/import-if-changed.ts';
import { readManifest } from '../../../../src/model/folder/read-manifest.ts';
import { subModelKey } from '../../../../src/model/folder/sub-model-key.ts';
import { inputErrorOf } from '../../../support/failure.ts';
import { dict, pickle, tensor } from '../../../support/pickle-file.ts';
import { type CheckpointOptions, writeRandomCheckpoint } from '../../../support/random-checkpoint.ts';
import { type NamedTensor, writeSafetensors } from '../../../support/safetensors-file.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { archiveParts, writeTorchFile } from '../../../support/torch-file.ts';
import { zipBytes } from '../../../support/zip-file.ts';

const root = tempFolder();
const folder = join(root, 'checkpoint');
const WEIGHTS = join(folder, 'model.safetensors');
const failure = () => inputErrorOf(() => openCheckpoint(folder));
const filled = (name: string, ...shape: number[]): NamedTensor => ({
  name,
  shape,
  values: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(1),
});

beforeEach(() => rmSync(root, { recursive: true, force: true }));

/** Writes a checkpoint of two layers with other tensors than it should have. */
function writeWith(
  change: (tensors: NamedTensor[]) => NamedTensor[],
  options: CheckpointOptions = {},
): NamedTensor[] {
  const { weights } = writeRandomCheckpoint(folder, { layers: 2, ...options });
  const tensors = change([...weights.values()]);
  writeSafetensors(WEIGHTS, tensors, 'F32');
  return tensors;
}

/** Bytes of every tensor that the network reads. */
function contentOf(checkpoint: string): Map<string, string> {
  const { tensors } = openCheckpoint(checkpoint);
  return new Map(
    [...tensors].map(([name, { file, offset, bytes }]) => [
      name,
      readFileSync(file)
        .subarray(offset, offset + bytes)
        .toString('base64'),
    ]),
  );
}

describe('names of tensors', () => {
  const plain = (name: string) => name;
  it.each<[string, (name: string) => string, RegExp]>([
    ['torch.compile', (name) => `_orig_mod.${name}`, /begin with _orig_mod\., which is left out/],
    ['DataParallel', (name) => `module.${name}`, /begin with module\./],
    ['peft', (name) => `base_model.model.${name}`, /begin with base_model\.model\./],
    ['two of them', (name) => `module._orig_mod.${name}`, /begin with module\._orig_mod\./],
    ['three of them', (name) => `_orig_mod.module.base_model.model.${name}`, /_orig_mod\.module\.base_model/],
    ['a compiled part', (name) => name.replace('model.', 'model._orig_mod.'), /parts of torch\.compile/],
    ['FSDP', (name) => name.replace(/(layers\.\d+)/, '$1._fsdp_wrapped_module'), /FSDP/],
    ['a module around the network', (name) => `model.${name}`, /a further model\./],
  ])('may have what %s puts around them, with a note', (_, wrap, note) => {
    writeWith((tensors) => tensors.map((it) => ({ ...it, name: wrap(it.name) })));
    const { notes } = openCheckpoint(folder);
    expect(notes).toEqual([expect.stringMatching(note)]);
    const wrapped = contentOf(folder);
    writeWith((tensors) => tensors.map((it) => ({ ...it, name: plain(it.name) })));
    expect(wrapped).toEqual(contentOf(folder));
  });

  it('may lack model., as a LlamaModel’s do, if the head is tied', async () => {
    const bare = (tensors: NamedTensor[]) =>
      tensors
        .filter(({ name }) => name !== 'lm_head.weight')
        .map((it) => ({ ...it, name: it.name.replace('model.', '') }));
    writeWith(bare, { tiedHead: true });
    expect(openCheckpoint(folder).notes).toEqual([expect.stringContaining('lack model.')]);
    writeWith(bare);
    expect(await failure()).toMatchObject({ code: 'bad-checkpoint', where: `${folder}: lm_head.weight` });
  });

  it('stay the file’s own in a message about one of them', async () => {
    writeWith((tensors) =>
      [...tensors, filled('lm_head.bias', 262)].map((it) => ({ ...it, name: `module.${it.name}` })),
    );
    expect((await failure()).where).toBe(`${WEIGHTS}: module.lm_head.bias`);
  });

  it('may not become one another', async () => {
    writeWith((tensors) => [...tensors, filled('module.lm_head.weight', 262, 32)]);
    expect(await failure()).toMatchObject({ code: 'bad-checkpoint' });
  });

  it('are understood in a model folder as well', () => {
    writeWith((tensors) => tensors.map((it) => ({ ...it, name: `_orig_mod.${it.name}` })));
    const manifest = importCheckpoint(folder, join(root, 'models', 'out'));
    expect(readManifest(join(root, 'models', 'out'))).toEqual(manifest);
    expect(manifest.notes).toEqual([expect.stringContaining('_orig_mod.')]);
  });
});

describe('a tensor that no graph would read is refused by its name', () => {
  it.each<[string, RegExp]>([
    ['model.norm.bias', /a bias that this network does not add/],
    ['lm_head.bias', /a bias that this network does not add/],
    ['model.layers.1.input_layernorm.bias', /a bias that this network does not add/],
    ['model.layers.0.self_attn.o_proj.bias', /a bias that this network does not add/],
    ['model.embed_tokens.lora_A.weight', /an adapter that was not merged.*Merge the adapter/],
    ['model.embed_tokens.lora_embedding_A', /an adapter that was not merged/],
    ['model.layers.0.self_attn.q_proj.lora_B.default.weight', /an adapter that was not merged/],
    ['model.layers.0.self_attn.q_proj.lora_magnitude_vector', /an adapter that was not merged/],
    ['lm_head.modules_to_save.default.weight', /an adapter that was not merged/],
    ['exit_heads.1.weight', /an exit head in a checkpoint that is not early-exit.*exits\.json/],
    ['model.layers.2.mlp.up_proj.weight', /layer 2 of a network whose layers are 0 to 1/],
    ['model.layers.0.self_attn.q_norm.weight', /one that no graph would read/],
    ['model.embed_positions.weight', /one that no graph would read/],
    ['v_head.summary.weight', /one that no graph would read.*save the checkpoint without it/],
  ])('%s', async (name, message) => {
    writeWith((tensors) => [...tensors, filled(name, 32)], { exits: [1, 2], kind: 'soft' });
    const error = await failure();
    expect(error).toMatchObject({ code: 'unsupported-model', where: `${WEIGHTS}: ${name}` });
    expect(error.message).toMatch(message);
  });

  it('a matrix that peft keeps beside its adapter: the adapter is named, not the matrix that seems missing', async () => {
    const base = (name: string) => name.replace('0.self_attn.q_proj.', '0.self_attn.q_proj.base_layer.');
    writeWith((tensors) => tensors.map((it) => ({ ...it, name: base(it.name) })));
    expect((await failure()).where).toBe(`${WEIGHTS}: ${base('model.layers.0.self_attn.q_proj.weight')}`);
  });

  it('an exit head that is not chosen is one of an early-exit model all the same', () => {
    const base = join(root, 'sft');
    writeRandomCheckpoint(base, { layers: 2 });
    writeRandomCheckpoint(folder, { layers: 2, kind: 'early-exit', exits: [1, 2], base });
    expect(openCheckpoint(folder, { exits: [2] }).exits).toEqual([2]);
  });
});

describe('buffers that mean nothing', () => {
  it('are left out, with one note for all', () => {
    const buffers = [0, 1].flatMap((layer) => [
      filled(`model.layers.${layer}.self_attn.rotary_emb.inv_freq`, 4),
      filled(`model.layers.${layer}.self_attn.masked_bias`, 1),
    ]);
    writeWith((tensors) => [...tensors, ...buffers]);
    expect(openCheckpoint(folder).notes).toEqual([
      expect.stringMatching(
        /^buffers that change nothing are left out: .+inv_freq, .+masked_bias, .+ and 1 more$/,
      ),
    ]);
  });

  it('may be whole numbers of any name', () => {
    const { weights } = writeRandomCheckpoint(folder, { layers: 1, format: 'torch' });
    const places = [...weights.values()].map(({ name, shape }, index) => [
      name,
      tensor({ dtype: 'F32', shape, storage: `${index}` }),
    ]);
    const steps = tensor({ dtype: 'I64', shape: [2], storage: 'steps' });
    const data = [...weights.values()].map(({ values }, index) => ({
      name: `archive/data/${index}`,
      data: Buffer.from(values.buffer),
    }));
    writeFileSync(
      join(folder, 'pytorch_model.bin'),
      zipBytes([
        ...archiveParts(pickle(dict({ ...Object.fromEntries(places), 'model.steps': steps }))),
        ...data,
        { name: 'archive/data/steps', data: Buffer.alloc(16) },
      ]),
    );
    expect(openCheckpoint(folder).notes).toEqual([expect.stringContaining('left out: model.steps')]);
  });
});

describe('a head beside a flag that ties it to the embedding', () => {
  const tied = { tiedHead: true };
  const withHead = (values: (embedding: Float32Array) => Float32Array) => (tensors: NamedTensor[]) => {
    const { shape, values: embedding } = tensors.find(({ name }) => name.includes('embed_tokens'))!;
    return [...tensors, { name: 'lm_head.weight', shape, values: values(embedding) }];
  };
  const own = withHead((embedding) => embedding.map((value, index) => (index === 7 ? value + 1 : value)));
  const same = withHead((embedding) => embedding);

  it('is used if it differs, as if the flag were not there, with a note', async () => {
    writeWith(own, tied);
    const { notes, ...found } = importCheckpoint(folder, join(root, 'own'));
    expect(notes).toEqual([expect.stringMatching(/lm_head\.weight differs.+the head is used/)]);
    const key = subModelKey(await hashFiles(join(root, 'own'), { ...found, notes }), 2);
    writeWith(own, { ...tied, config: { tie_word_embeddings: false } });
    const repaired = importCheckpoint(folder, join(root, 'repaired'));
    expect(found.architecture).toEqual(repaired.architecture);
    expect(found.heads).toEqual(repaired.heads);
    expect(key).toBe(subModelKey(await hashFiles(join(root, 'repaired'), repaired), 2));
  });

  it('is the embedding if it equals it, with a note and the key of the tied model', () => {
    writeWith(same, tied);
    const { architecture, heads, notes } = importCheckpoint(folder, join(root, 'same'));
    expect(architecture.tiedHead).toBe(true);
    expect(heads[0]!.head.tensor).toBe('model.embed_tokens.weight');
    expect(notes).toEqual([expect.stringContaining('lm_head.weight equals the embedding')]);
  });

  it('is the embedding in a .bin that holds it again', () => {
    const tensors = writeWith(same, tied);
    rmSync(WEIGHTS);
    writeTorchFile(join(folder, 'pytorch_model.bin'), tensors, 'F32');
    expect(openCheckpoint(folder).architecture.tiedHead).toBe(true);
  });

  it('is imported again where an earlier version tied it', async () => {
    const out = join(root, 'models', 'out');
    writeWith(same, tied);
    const before = await importIfChanged(folder, out);
    writeWith(own, tied);
    const after = await importIfChanged(folder, out);
    expect([before, after].map(({ architecture }) => architecture.tiedHead)).toEqual([true, false]);
  });
});
