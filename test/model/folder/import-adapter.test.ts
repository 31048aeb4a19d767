import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { extractCheckpoint } from '../../../src/model/extract/extract-checkpoint.ts';
import { hashFiles } from '../../../src/model/folder/hash-files.ts';
import { type ImportOptions, importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { importIfChanged } from '../../../src/model/folder/import-if-changed.ts';
import { importPlace } from '../../../src/model/folder/import-place.ts';
import { readManifest } from '../../../src/model/folder/read-manifest.ts';
import { subModelKey } from '../../../src/model/folder/sub-model-key.ts';
import { editJson, readParts } from '../../hostile/hostile-case.ts';
import { ADAPTERS, writeAdapterBase } from '../../support/adapters.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
const adapter = join(root, 'adapter');
const out = join(root, 'models', 'out');
const base = writeAdapterBase(root, 'linear');
const imported = (place = out, options: ImportOptions = {}) =>
  importCheckpoint(adapter, place, { base, ...options });

beforeEach(() => {
  for (const name of ['adapter', 'models']) rmSync(join(root, name), { recursive: true, force: true });
  cpSync(join(ADAPTERS, 'linear'), adapter, { recursive: true });
});

describe('an imported adapter', () => {
  it('writes the matrices that it changes alone, and links its base’s weights', () => {
    const { merged, source, files } = imported();
    expect(merged).toBe('merged.safetensors');
    expect(source).toMatchObject({ folder: base, adapter });
    const names = Object.keys(JSON.parse(readParts(join(out, 'merged.safetensors')).header));
    const expected = [0, 1, 2, 3].flatMap((layer) =>
      ['self_attn.q', 'self_attn.k', 'self_attn.v', 'self_attn.o', 'mlp.gate', 'mlp.up', 'mlp.down'].map(
        (name) => `model.layers.${layer}.${name}_proj.weight`,
      ),
    );
    expect(names.filter((name) => name !== '__metadata__').sort()).toEqual(expected.sort());
    expect(statSync(join(out, 'model.safetensors')).ino).toBe(statSync(join(base, 'model.safetensors')).ino);
    expect(Object.keys(files)).toContain('merged.safetensors');
    expect(existsSync(join(out, 'adapter_model.safetensors'))).toBe(false);
  });

  it('never shares a key with its base, at any exit', async () => {
    const plain = await hashFiles(
      join(root, 'models/plain'),
      importCheckpoint(base, join(root, 'models/plain')),
    );
    const merged = await hashFiles(out, imported());
    for (const exit of merged.exits) expect(subModelKey(merged, exit)).not.toBe(subModelKey(plain, exit));
  });

  it('reads back as it was written, and its merged matrices win whatever the files are called', () => {
    const manifest = imported();
    expect(readManifest(out)).toEqual(manifest);
    for (const { weights } of manifest.segments) expect(weights).toContain('merged.safetensors');
    editJson(out, 'model.json', ({ merged: _, ...json }) => json);
    return expect(inputErrorOf(() => readManifest(out))).resolves.toMatchObject({
      code: 'bad-checkpoint',
      expected: 'each tensor in one file',
    });
  });

  it.each<[string, () => void]>([
    [
      'adapter_config.json',
      () => editJson(adapter, 'adapter_config.json', (json) => ({ ...json, lora_alpha: 9 })),
    ],
    ['the adapter’s weights', () => utimesSync(join(adapter, 'adapter_model.safetensors'), 1, 1)],
    ['the base’s weights', () => utimesSync(join(base, 'model.safetensors'), 1, 1)],
  ])('is imported again when %s changed', async (_, change) => {
    const before = await importIfChanged(adapter, out, { base });
    expect(await importIfChanged(adapter, out, { base })).toEqual(before);
    change();
    const after = await importIfChanged(adapter, out, { base });
    expect(after.source.fingerprint).not.toBe(before.source.fingerprint);
  });

  it('is imported again, and elsewhere, for another adapter of the same size and time', async () => {
    const weights = join(adapter, 'adapter_model.safetensors');
    const bytes = readFileSync(weights);
    utimesSync(weights, 1, 1);
    const before = await importIfChanged(adapter, out, { base });
    writeFileSync(weights, bytes.fill(0x3c, bytes.readUInt32LE() + 8));
    utimesSync(weights, 1, 1);
    expect(importPlace(adapter, out, { base })).not.toBe(out);
    const after = await importIfChanged(adapter, out, { base });
    expect(after.source.fingerprint).toBe(before.source.fingerprint);
    expect(after.source.sample).not.toBe(before.source.sample);
  });

  it('has another place than the import of its base', () => {
    importCheckpoint(base, out);
    expect(importPlace(base, out, {})).toBe(out);
    expect(importPlace(adapter, out, { base })).not.toBe(out);
  });

  it.each(['int8', 'int4'] as const)(
    'at %s is the quantised merged checkpoint, byte for byte',
    async (precision) => {
      imported(out, { precision });
      const merged = join(root, 'models', 'merged');
      imported(merged);
      const written = join(root, 'models', 'written');
      await extractCheckpoint(merged, written, { exit: 4 });
      const again = join(root, 'models', 'again');
      importCheckpoint(written, again, { precision });
      const bytes = (folder: string) => readFileSync(join(folder, 'quantised.safetensors'));
      expect(bytes(out).equals(bytes(again))).toBe(true);
      expect(readdirSync(out)).not.toContain('merged.safetensors');
    },
  );

  it('notes that another base is named, that a target is missing, and a fan_in_fan_out that means nothing', () => {
    editJson(adapter, 'adapter_config.json', (json) => ({
      ...json,
      base_model_name_or_path: 'meta-llama/Llama-2-7b-hf',
      target_modules: ['q_proj', 'w1'],
      fan_in_fan_out: true,
    }));
    const { notes } = imported();
    expect(notes[0]).toMatch(/names meta-llama\/Llama-2-7b-hf as the adapter’s base; .* grouped-query/);
    expect(notes[1]).toContain('target_modules names w1');
    expect(notes[2]).toContain('fan_in_fan_out');
  });
});

describe('files beside an adapter', () => {
  it('that are the base’s are no matter, and others are named: the base’s hold', () => {
    cpSync(join(base, 'tokenizer.json'), join(adapter, 'tokenizer.json'));
    const before = imported(join(root, 'models/before')).notes;
    writeFileSync(join(adapter, 'tokenizer_config.json'), '{}');
    writeFileSync(join(adapter, 'exits.json'), '{}');
    const { notes, exits } = imported();
    expect(notes.slice(before.length)).toEqual([
      expect.stringMatching(/not read: tokenizer_config\.json, exits\.json$/),
    ]);
    expect(exits).toEqual([1, 2, 4]);
  });
});

describe('an adapter is refused', () => {
  const failure = (place = base) => inputErrorOf(() => importCheckpoint(adapter, out, { base: place }));

  it('with a base of another shape, naming the base that it was trained on', async () => {
    const other = writeRandomCheckpoint(join(root, 'other'), { hiddenSize: 64, headDim: 16 }).folder;
    const error = await failure(other);
    expect(error.code).toBe('bad-checkpoint');
    expect(error.where).toContain('adapter_model.safetensors: base_model.model.model.layers.0');
    expect(error.fix).toContain('trained on: grouped-query');
  });

  it('with a base of fewer layers', async () => {
    const other = writeRandomCheckpoint(join(root, 'short'), { layers: 3 }).folder;
    expect((await failure(other)).expected).toContain('model.layers.3');
  });

  it('as a checkpoint of its own, saying what is missing', async () => {
    expect((await inputErrorOf(() => importCheckpoint(adapter, out))).fix).toContain('--base');
  });

  it('as the base of another', async () => {
    expect((await failure(adapter)).code).toBe('unsupported-model');
  });

  it('that is none: a checkpoint with a base', async () => {
    const error = await inputErrorOf(() => importCheckpoint(base, out, { base }));
    expect(error).toMatchObject({ code: 'not-found', where: join(base, 'adapter_config.json') });
  });

  it('whose merged numbers are not finite, naming the part', async () => {
    editJson(adapter, 'adapter_config.json', (json) => ({ ...json, lora_alpha: 1e300 }));
    const error = await failure();
    expect(error.where).toContain('lora_A');
    expect(error.expected).toBe('finite numbers after merging');
    expect(existsSync(out)).toBe(false);
  });
});
