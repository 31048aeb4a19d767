import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/model/checkpoint/checkpoint.ts';
import type { CheckpointTensor } from '../../../src/model/checkpoint/checkpoint-tensors.ts';
import { headTensorOf } from '../../../src/model/checkpoint/tensor-names.ts';
import { extractCheckpoint } from '../../../src/model/extract/extract-checkpoint.ts';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { type CheckpointOptions, writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { IMPORTABLE_NAMES, writeVariant } from '../../support/variants.ts';

const root = tempFolder();
const source = join(root, 'checkpoint');
const out = join(root, 'extracted', 'out');
const write = (options: CheckpointOptions = {}) => writeRandomCheckpoint(source, options);
const names = (folder: string) => readdirSync(folder).sort();
const json = (folder: string, name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

beforeEach(() => {
  for (const folder of [source, join(root, 'extracted'), join(root, 'model')]) {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** dtype, shape and bytes of a tensor. */
function contentOf({ file, dtype, shape, offset, bytes }: CheckpointTensor) {
  return {
    dtype,
    shape,
    data: readFileSync(file)
      .subarray(offset, offset + bytes)
      .toString('base64'),
  };
}

describe('extractCheckpoint', () => {
  it.each(IMPORTABLE_NAMES)(
    'writes every sub-model of %s with its own layers, norm and head, bit for bit',
    async (name) => {
      const whole = openCheckpoint(writeVariant(root, name));
      const { checkpoints } = await extractCheckpoint(whole.folder, out);
      expect(checkpoints.map(({ exit }) => exit)).toEqual(whole.exits);
      for (const { exit, folder } of checkpoints) {
        const part = openCheckpoint(folder, { exits: [exit] });
        const { attentionWindow, tiedHead, ...shape } = whole.architecture;
        expect(part.architecture).toMatchObject({ ...shape, layers: exit });
        expect(part.architecture.attentionWindow?.layers ?? []).toEqual(
          (attentionWindow?.layers ?? []).filter((layer) => layer < exit),
        );
        const head = headTensorOf(whole.architecture, whole.exitHeads, exit);
        expect(part.architecture.tiedHead).toBe(head === 'model.embed_tokens.weight');
        const origin = (tensor: string) => whole.tensors.get(tensor === 'lm_head.weight' ? head : tensor)!;
        for (const [tensor, place] of part.tensors)
          expect(contentOf(place)).toEqual(contentOf(origin(tensor)));
      }
      rmSync(out, { recursive: true });
    },
  );

  it('leaves config.json as it was written but for the layers', async () => {
    const { folder } = write({ config: { eos_token_id: [1, 2, 3, 4], custom: { deep: true } } });
    const path = join(folder, 'config.json');
    const text = readFileSync(path, 'utf8').replace('{', '{"initializer_range": 0.0, "note": "1e-06 of 4",');
    writeFileSync(path, text);
    await extractCheckpoint(folder, out, { exit: 3 });
    const written = readFileSync(join(out, 'config.json'), 'utf8');
    const { num_hidden_layers, ...others } = JSON.parse(text);
    expect(num_hidden_layers).toBe(4);
    expect(JSON.parse(written)).toEqual({ ...others, num_hidden_layers: 3 });
    expect(written).toContain('"initializer_range": 0.0,');
  });

  it('cuts lists that have an entry for each layer', async () => {
    write({ config: { layer_types: ['full_attention', 'a', 'b', 'c'], use_layers: [1, 2] } });
    await extractCheckpoint(source, out, { exit: 2 });
    expect(json(out, 'config.json')).toMatchObject({
      layer_types: ['full_attention', 'a'],
      use_layers: [1, 2],
    });
  });

  it('unties the head where the exit has one of its own, and notes it', async () => {
    const folder = writeVariant(root, 'tied-early-exit');
    const { checkpoints, notes } = await extractCheckpoint(folder, out);
    const tied = checkpoints.map((one) => json(one.folder, 'config.json').tie_word_embeddings);
    expect(tied).toEqual(checkpoints.map(({ exit }) => exit === 4));
    expect(notes).toContain('exit 2 has a head of its own, so tie_word_embeddings becomes false');
  });

  it('copies the tokenizer’s files and the settings of generation as they are, links as files, and nothing else', async () => {
    write({ exits: [2, 4] });
    const texts = [
      'generation_config.json',
      'special_tokens_map.json',
      'chat_template.jinja',
      'tokenizer.model',
      'LICENSE.txt',
    ];
    for (const name of texts) writeFileSync(join(source, name), `{"eos_token_id": 1, "of": "${name}"}\n`);
    for (const name of ['README.md', 'optimizer.pt']) writeFileSync(join(source, name), 'left out');
    renameSync(join(source, 'tokenizer.json'), join(root, 'blob'));
    symlinkSync(join(root, 'blob'), join(source, 'tokenizer.json'));
    mkdirSync(join(source, 'tokenizer.old'));
    await extractCheckpoint(source, out, { exit: 2 });
    const copied = [...texts, 'tokenizer.json', 'tokenizer_config.json'];
    expect(names(out)).toEqual([...copied, 'config.json', 'model.safetensors'].sort());
    for (const name of copied)
      expect(readFileSync(join(out, name))).toEqual(readFileSync(join(source, name)));
  });

  it('splits the weights into files of at most the size that it is given, with an index', async () => {
    write({ dtype: 'BF16' });
    const { checkpoints } = await extractCheckpoint(source, out, { exit: 3, maxShardBytes: 20_000 });
    const [{ files, bytes }] = checkpoints as [(typeof checkpoints)[0]];
    expect(files.length).toBeGreaterThan(2);
    expect(files[1]).toBe(`model-00002-of-0000${files.length}.safetensors`);
    for (const file of files) expect(statSync(join(out, file)).size).toBeLessThanOrEqual(20_000);
    const index = json(out, 'model.safetensors.index.json');
    expect(index.metadata).toEqual({ total_size: bytes });
    const { tensors } = openCheckpoint(out, { exits: [3] });
    const placed = [...tensors].map(([name, { file }]) => [name, file.slice(out.length + 1)]);
    expect(index.weight_map).toEqual(Object.fromEntries(placed));
    expect([...tensors.values()].reduce((sum, tensor) => sum + tensor.bytes, 0)).toBe(bytes);
  });

  it('puts wide numbers before narrow ones, so that all are aligned', async () => {
    const base = writeVariant(root, 'bfloat16-shards');
    write({ kind: 'early-exit', exits: [2, 4], base });
    await extractCheckpoint(source, out, { exit: 2 });
    const { tensors } = openCheckpoint(out, { exits: [2] });
    expect(tensors.get('lm_head.weight')!.dtype).toBe('F32');
    expect(tensors.get('model.norm.weight')!.dtype).toBe('BF16');
    expect(tensors.get('lm_head.weight')!.offset % 4).toBe(0);
  });

  it.each([1, 2])('writes the same from %i PyTorch files as from safetensors', async (shards) => {
    const of = join(root, 'extracted', 'of-torch');
    write();
    await extractCheckpoint(source, out, { exit: 3 });
    rmSync(source, { recursive: true });
    write({ format: 'torch', shards });
    expect(names(source)).not.toContain('model.safetensors');
    await extractCheckpoint(source, of, { exit: 3 });
    expect(names(of)).toEqual(names(out));
    for (const name of names(out))
      expect(readFileSync(join(of, name))).toEqual(readFileSync(join(out, name)));
    importCheckpoint(source, join(root, 'model'));
    await extractCheckpoint(join(root, 'model'), `${of}-model`, { exit: 3 });
    const weights = 'model.safetensors';
    expect(readFileSync(join(`${of}-model`, weights))).toEqual(readFileSync(join(out, weights)));
  });

  it('writes a head that differs from the embedding although config.json ties them', async () => {
    write({ config: { tie_word_embeddings: true } });
    for (const from of [source, join(root, 'model')]) {
      if (from !== source) importCheckpoint(source, from);
      const { notes } = await extractCheckpoint(from, out, { exit: 3 });
      expect(notes).toEqual(['exit 3 has a head of its own, so tie_word_embeddings becomes false']);
      expect(json(out, 'config.json').tie_word_embeddings).toBe(false);
      expect(openCheckpoint(out, { exits: [3] }).tensors.has('lm_head.weight')).toBe(true);
      rmSync(out, { recursive: true });
    }
  });

  it('writes the same from a model folder as from its checkpoint', async () => {
    const folder = writeVariant(root, 'early-exit');
    writeFileSync(join(folder, 'special_tokens_map.json'), '{}');
    importCheckpoint(folder, join(root, 'model'));
    await extractCheckpoint(folder, out);
    await extractCheckpoint(join(root, 'model'), join(root, 'extracted', 'of-model'));
    for (const exit of names(out)) {
      const [one, other] = [join(out, exit), join(root, 'extracted', 'of-model', exit)];
      expect(names(other)).toEqual(names(one));
      for (const name of names(one)) {
        expect(readFileSync(join(other, name)).equals(readFileSync(join(one, name)))).toBe(true);
      }
    }
  });

  it('reports the bytes of the weights as they are copied', async () => {
    write();
    let [done, all] = [0, 0];
    const onBytes = (bytes: number, total: number) => {
      [done, all] = [done + bytes, total];
    };
    const { checkpoints } = await extractCheckpoint(source, out, { onBytes });
    expect(done).toBe(checkpoints.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(all).toBe(done);
  });

  it('notes an exit that the model was not trained for', async () => {
    write({ kind: 'soft', exits: [2, 4] });
    expect((await extractCheckpoint(source, out, { exit: 3 })).notes).toEqual([
      '3 is none of the model’s exits 2, 4',
    ]);
  });
});

describe('extractCheckpoint refuses, and leaves nothing behind,', () => {
  const failure = (from: string, exit?: number) => inputErrorOf(() => extractCheckpoint(from, out, { exit }));
  const expectNothing = () => {
    if (existsSync(dirname(out))) expect(names(dirname(out))).toEqual([]);
  };

  it.each([0, 5, 2.5])('exit %s of 4 layers', async (exit) => {
    write();
    expect(await failure(source, exit)).toMatchObject({ code: 'unknown-exit', found: `${exit}` });
    expectNothing();
  });

  it('an exit of an early-exit model that has no head', async () => {
    expect(await failure(writeVariant(root, 'early-exit'), 3)).toMatchObject({
      code: 'unknown-exit',
      found: '3',
    });
    expectNothing();
  });

  it('to write over anything', async () => {
    write();
    mkdirSync(out, { recursive: true });
    expect(await failure(source, 2)).toMatchObject({ code: 'not-writable', where: out });
    expect(names(dirname(out))).toEqual(['out']);
    expect(names(out)).toEqual([]);
  });

  it('a quantised model folder, and names its checkpoint', async () => {
    write();
    importCheckpoint(source, join(root, 'model'), { precision: 'int8' });
    const { code, fix } = await failure(join(root, 'model'), 2);
    expect({ code, fix }).toEqual({
      code: 'unsupported-model',
      fix: `Give the checkpoint that it was imported from: ${source}.`,
    });
    expectNothing();
  });

  it('an older model folder whose checkpoint is gone, unless config.json lies in it', async () => {
    write();
    importAsBefore();
    const config = readFileSync(join(source, 'config.json'));
    rmSync(source, { recursive: true });
    expect(await failure(join(root, 'model'), 2)).toMatchObject({
      code: 'not-found',
      where: join(root, 'model'),
    });
    expectNothing();
    writeFileSync(join(root, 'model', 'config.json'), config);
    await extractCheckpoint(join(root, 'model'), out, { exit: 2 });
    expect(openCheckpoint(out, { exits: [2] }).architecture.layers).toBe(2);
  });

  it('an older model folder whose checkpoint is another one by now', async () => {
    write();
    importAsBefore();
    write({ ropeTheta: 20_000 });
    expect(await failure(join(root, 'model'), 2)).toMatchObject({
      code: 'bad-checkpoint',
      where: join(source, 'config.json'),
    });
    expectNothing();
  });

  it('to go on when it is interrupted', async () => {
    write();
    const stop = new AbortController();
    const onBytes = () => stop.abort(new Error('stopped'));
    const extraction = extractCheckpoint(source, out, { signal: stop.signal, onBytes });
    await expect(extraction).rejects.toThrow('stopped');
    expectNothing();
  });
});

/** A model folder without a copy of config.json. */
function importAsBefore(): void {
  const folder = join(root, 'model');
  const { files, ...manifest } = importCheckpoint(source, folder);
  const { 'source-config.json': _, ...others } = files;
  rmSync(join(folder, 'source-config.json'));
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ ...manifest, files: others }));
}

it('writes the same of a model folder whose checkpoint is gone or another one by now', async () => {
  write();
  importCheckpoint(source, join(root, 'model'));
  const bytes = (folder: string) =>
    names(folder).map((name) => readFileSync(join(folder, name)).toString('hex'));
  await extractCheckpoint(source, out, { exit: 2 });
  const expected = bytes(out);
  for (const change of [() => write({ ropeTheta: 20_000 }), () => rmSync(source, { recursive: true })]) {
    change();
    rmSync(out, { recursive: true });
    await extractCheckpoint(join(root, 'model'), out, { exit: 2 });
    expect(bytes(out)).toEqual(expected);
  }
});

it('leaves out files of a checkpoint whose tokenizer is another by now, and notes it', async () => {
  write();
  importCheckpoint(source, join(root, 'model'));
  writeFileSync(join(source, 'tokenizer_config.json'), '{}');
  writeFileSync(join(source, 'special_tokens_map.json'), '{}');
  const { notes } = await extractCheckpoint(join(root, 'model'), out, { exit: 2 });
  expect(notes).toEqual([
    `special_tokens_map.json of ${source} left out: its tokenizer_config.json is another by now`,
  ]);
  expect(names(out)).not.toContain('special_tokens_map.json');
});
