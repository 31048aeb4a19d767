import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openSession } from '../../../src/engine/session/session.ts';
import { hashFiles } from '../../../src/model/folder/hash-files.ts';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { importIfChanged } from '../../../src/model/folder/import-if-changed.ts';
import { importPlace } from '../../../src/model/folder/import-place.ts';
import { readManifest } from '../../../src/model/folder/read-manifest.ts';
import { subModelKey } from '../../../src/model/folder/sub-model-key.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { type CheckpointOptions, writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { LLAMA_2_13B, writeSparseCheckpoint } from '../../support/sparse-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
const source = join(root, 'checkpoint');
const out = join(root, 'models', 'out');
const write = (options: CheckpointOptions = {}) => writeRandomCheckpoint(source, options);
const names = (folder: string) => readdirSync(folder).sort();

beforeEach(() => {
  rmSync(source, { recursive: true, force: true });
  rmSync(join(root, 'models'), { recursive: true, force: true });
});

describe('importCheckpoint', () => {
  it('writes a folder whose graphs ONNX Runtime opens', async () => {
    write();
    const manifest = importCheckpoint(source, out, { exits: [2, 4] });
    const graphs = ['beam-head.onnx', 'beam-layers.onnx', 'head.onnx', 'segment-00.onnx', 'segment-01.onnx'];
    const others = [
      'model.json',
      'model.safetensors',
      'source-config.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ];
    expect(names(out)).toEqual([...graphs, ...others].sort());
    expect(readManifest(out)).toEqual(manifest);
    for (const graph of graphs) await (await openSession(join(out, graph))).close();
  });

  it('holds every weight once: the checkpoint’s own files, linked, beside small graphs', () => {
    write({ shards: 2 });
    importCheckpoint(source, out);
    const weights = names(out).filter((name) => name.endsWith('.safetensors'));
    expect(weights).toEqual(['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']);
    for (const file of weights) expect(statSync(join(out, file)).ino).toBe(statSync(join(source, file)).ino);
    const graphs = names(out).filter((name) => name.endsWith('.onnx'));
    expect(graphs).toContain('segment-00.onnx');
    for (const graph of graphs) expect(statSync(join(out, graph)).size).toBeLessThan(20_000);
  });

  it('reads and copies no weight of a large checkpoint, and hashes none', () => {
    writeSparseCheckpoint(source, LLAMA_2_13B, 3);
    const { exits, files } = importCheckpoint(source, out);
    expect(exits).toEqual([12, 16, 20, 24, 28, 32, 36, 40]);
    const weights = names(out).filter((name) => name.endsWith('.safetensors'));
    expect(weights).toHaveLength(3);
    for (const file of weights) {
      const { ino, size } = statSync(join(out, file));
      expect(ino).toBe(statSync(join(source, file)).ino);
      expect(files[file]).toMatchObject({ bytes: size, sha256: null });
    }
    const others = names(out).filter((name) => !weights.includes(name));
    const otherBytes = others.reduce((sum, name) => sum + statSync(join(out, name)).size, 0);
    expect(otherBytes).toBeLessThan(1_000_000);
  });

  it('links the layers of an early-exit model from its base and gives each exit a head', () => {
    const base = join(root, 'sft');
    writeRandomCheckpoint(base, { exits: [2, 4] });
    write({ kind: 'early-exit', exits: [2, 4], base });
    const manifest = importCheckpoint(source, out);
    expect(statSync(join(out, 'model.safetensors')).ino).toBe(statSync(join(base, 'model.safetensors')).ino);
    expect(manifest.heads.map(({ file, exits, head }) => [file, exits, head.tensor])).toEqual([
      ['head-02.onnx', [2], 'exit_heads.2.weight'],
      ['head-04.onnx', [4], 'lm_head.weight'],
    ]);
  });

  it.each([1, 3])(
    'ends before full depth where the exits do: without graphs of all layers, its sub-models the same (%i files)',
    async (shards) => {
      write({ shards });
      const whole = await hashFiles(
        join(root, 'models/whole'),
        importCheckpoint(source, join(root, 'models/whole')),
      );
      const part = await hashFiles(out, importCheckpoint(source, out, { exits: [2] }));
      expect(part).toMatchObject({ exits: [2], architecture: { layers: 4 } });
      expect(names(out).filter((name) => name.endsWith('.onnx'))).toEqual(['head.onnx', 'segment-00.onnx']);
      expect(readManifest(out)).toEqual(part);
      expect(subModelKey(part, 2)).toBe(subModelKey(whole, 2));
    },
  );

  it('gives an early-exit model that ends before full depth no other head than its own', () => {
    const base = join(root, 'sft');
    writeRandomCheckpoint(base, { exits: [2, 4] });
    write({ kind: 'early-exit', exits: [2, 4], base });
    const { heads } = importCheckpoint(source, out, { exits: [2] });
    expect(heads.map(({ head }) => head.tensor)).toEqual(['exit_heads.2.weight']);
    expect(readManifest(out).exits).toEqual([2]);
  });

  it('replaces a model folder if the options allow it', () => {
    write({ seed: 1 });
    importCheckpoint(source, out);
    write({ seed: 2 });
    importCheckpoint(source, out, { exits: [4], replace: true });
    expect(readManifest(out).exits).toEqual([4]);
    expect(existsSync(join(out, 'segment-01.onnx'))).toBe(false);
  });
});

describe('importCheckpoint refuses, and leaves nothing behind,', () => {
  const failure = (place = out, replace = false) =>
    inputErrorOf(() => importCheckpoint(source, place, { replace }));
  const expectNothing = () => {
    if (existsSync(join(root, 'models'))) expect(names(join(root, 'models'))).toEqual([]);
  };

  it('a checkpoint that does not fit', async () => {
    write({ config: { num_hidden_layers: 5 } });
    expect((await failure()).code).toBe('bad-checkpoint');
    expectNothing();
  });

  it.each(['tokenizer.json', 'tokenizer_config.json'])('a checkpoint without %s', async (file) => {
    write();
    rmSync(join(source, file));
    expect(await failure()).toMatchObject({ code: 'not-found', where: join(source, file) });
    expectNothing();
  });

  it('a folder that exists, unless it is to be replaced', async () => {
    write();
    importCheckpoint(source, out);
    expect(await failure()).toMatchObject({ code: 'not-writable', where: out });
  });

  it('to replace a folder of something else, such as the checkpoint itself', async () => {
    write();
    const before = names(source);
    expect(await failure(source, true)).toMatchObject({ code: 'not-writable', where: source });
    expect(names(source)).toEqual(before);
  });

  it('a place below a file', async () => {
    write();
    const file = join(root, 'file');
    writeFileSync(file, '');
    const place = join(file, 'out');
    const error = await failure(place);
    expect(error).toMatchObject({ code: 'not-writable', where: place });
    expect(error.message).toContain('found ENOTDIR');
  });

  it('two weights files of one name, even where the first is linked already', async () => {
    const base = join(root, 'clash');
    writeRandomCheckpoint(base);
    renameSync(join(base, 'model.safetensors'), join(base, 'exit_heads.safetensors'));
    const index = '{"weight_map": {"lm_head.weight": "exit_heads.safetensors"}}';
    writeFileSync(join(base, 'model.safetensors.index.json'), index);
    const weights = readFileSync(join(base, 'exit_heads.safetensors'));
    write({ kind: 'early-exit', exits: [2, 4], base });
    expect(await failure()).toMatchObject({ code: 'not-writable', where: out });
    expectNothing();
    expect(readFileSync(join(base, 'exit_heads.safetensors')).equals(weights)).toBe(true);
  });
});

describe('importIfChanged', () => {
  const graphTime = () => statSync(join(out, 'head.onnx')).mtimeMs;

  it('keeps a folder that is the import of this very checkpoint', async () => {
    write();
    const first = await importIfChanged(source, out);
    const time = graphTime();
    expect(await importIfChanged(source, out)).toEqual(first);
    expect(graphTime()).toBe(time);
  });

  it.each<[string, () => void]>([
    ['the weights', () => utimesSync(join(source, 'model.safetensors'), 1, 1)],
    ['the tokenizer', () => writeFileSync(join(source, 'tokenizer_config.json'), '{}')],
    [
      'generation_config.json',
      () => writeFileSync(join(source, 'generation_config.json'), '{"eos_token_id": 2}'),
    ],
    ['the chat template', () => writeFileSync(join(source, 'chat_template.jinja'), 'x')],
    ['the exits', () => writeFileSync(join(source, 'exits.json'), '{"kind": "soft", "exits": [4]}')],
  ])('imports again when %s changed', async (_, change) => {
    write();
    const before = (await importIfChanged(source, out)).source.fingerprint;
    change();
    const after = await importIfChanged(source, out);
    expect(after.source.fingerprint).not.toBe(before);
    expect(readManifest(out)).toEqual(after);
  });

  it('imports again, and elsewhere, for other weights of the same size and time', async () => {
    const writeAt = (seed: number) => {
      write({ seed });
      utimesSync(join(source, 'model.safetensors'), 1, 1);
    };
    writeAt(1);
    const before = await importIfChanged(source, out);
    expect(importPlace(source, out, {})).toBe(out);
    rmSync(join(source, 'model.safetensors'));
    writeAt(2);
    const elsewhere = importPlace(source, out, {});
    expect(elsewhere).not.toBe(out);
    const after = await importIfChanged(source, elsewhere);
    expect(after.source.fingerprint).toBe(before.source.fingerprint);
    expect(importPlace(source, out, {})).toBe(elsewhere);
  });

  it('imports again for other exits or another precision', async () => {
    write();
    await importIfChanged(source, out, { exits: [2, 4] });
    expect((await importIfChanged(source, out, { exits: [4] })).exits).toEqual([4]);
    expect((await importIfChanged(source, out, { exits: [4], precision: 'int8' })).precision).toBe('int8');
    expect((await importIfChanged(source, out, { exits: [4] })).precision).toBe('fp32');
  });

  it('imports again when the folder lost a file or its manifest is not of this version', async () => {
    write();
    const manifest = await importIfChanged(source, out);
    rmSync(join(out, 'head.onnx'));
    await importIfChanged(source, out);
    expect(existsSync(join(out, 'head.onnx'))).toBe(true);
    writeFileSync(join(out, 'model.json'), JSON.stringify({ ...manifest, graphVersion: 0 }));
    await importIfChanged(source, out);
    expect(readManifest(out).source).toEqual(manifest.source);
  });

  it('does not delete a folder of something else', async () => {
    write();
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'diary.txt'), 'dear diary');
    const error = await inputErrorOf(() => importIfChanged(source, out));
    expect(error).toMatchObject({ code: 'not-writable', where: out });
    expect(names(out)).toEqual(['diary.txt']);
  });
});
