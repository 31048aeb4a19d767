import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../../src/model/checkpoint/checkpoint.ts';
import { fingerprint } from '../../../../src/model/folder/fingerprint.ts';
import { hashFiles } from '../../../../src/model/folder/hash-files.ts';
import { importCheckpoint } from '../../../../src/model/folder/import-checkpoint.ts';
import type { Manifest, ManifestWeight } from '../../../../src/model/folder/manifest.ts';
import { readManifest } from '../../../../src/model/folder/read-manifest.ts';
import { modelSize } from '../../../../src/model/folder/sizes/model-size.ts';
import { subModelKey } from '../../../../src/model/folder/sub-model-key.ts';
import { inputErrorOf } from '../../../support/failure.ts';
import { seededRandom } from '../../../support/random.ts';
import { type CheckpointOptions, writeRandomCheckpoint } from '../../../support/random-checkpoint.ts';
import { type NamedTensor, writeSafetensors } from '../../../support/safetensors-file.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { writeTorchFile } from '../../../support/torch-file.ts';

const [V, D] = [262, 32];
const random = seededRandom(3);
const drawn = (name: string, ...shape: number[]): NamedTensor => {
  const count = shape.reduce((all, size) => all * size, 1);
  return { name, shape, values: Float32Array.from({ length: count }, () => random.below(64) / 32) };
};

/** A checkpoint of four layers, and a folder of heads with heads.yaml beside it. */
function newCase(yaml: string, options: CheckpointOptions = {}) {
  const root = tempFolder();
  const { folder: base } = writeRandomCheckpoint(join(root, 'base'), options);
  mkdirSync(join(root, 'heads'));
  const heads = join(root, 'heads.yaml');
  writeFileSync(heads, yaml);
  const save = (file: string, ...tensors: NamedTensor[]) =>
    file.endsWith('.safetensors')
      ? writeSafetensors(join(root, file), tensors, 'F32')
      : writeTorchFile(join(root, file), tensors, 'F32');
  const out = (name: string) => join(root, name);
  return { base, heads, save, out };
}

describe('heads that heads.yaml names', () => {
  it('are linked under names of our own, so that files of one name do not meet, and nothing is written elsewhere', () => {
    const yaml =
      '1: {file: heads/model.safetensors, tensor: w}\n2: {file: heads/head.pt, tensor: w, norm: {file: heads/model.safetensors, tensor: n}}';
    const { base, heads, save, out } = newCase(yaml);
    save('heads/model.safetensors', drawn('w', V, D), drawn('n', D), drawn('x', 3));
    save('heads/head.pt', drawn('w', V, D));
    const before = readdirSync(base);
    const { exits, kind, notes } = importCheckpoint(base, out('model'), { heads });
    expect({ exits, kind }).toEqual({ exits: [1, 2, 4], kind: 'early-exit' });
    expect(notes).toEqual([
      'heads of exits 1, 2 and norms of exit 2 as heads.yaml names them',
      'not used of model.safetensors: x',
    ]);
    const manifest = readManifest(out('model'));
    expect(manifest.heads.map(({ norm, head }) => [norm.file, norm.tensor, head.file, head.tensor])).toEqual([
      ['model.safetensors', 'model.norm.weight', 'exit-heads-1.safetensors', 'w'],
      ['exit-heads-1.safetensors', 'n', 'exit-heads-2.bin', 'w'],
      ['model.safetensors', 'model.norm.weight', 'model.safetensors', 'lm_head.weight'],
    ]);
    expect(readdirSync(base)).toEqual(before);
    const inode = (path: string) => statSync(path).ino;
    expect(inode(out('model/exit-heads-1.safetensors'))).toBe(inode(out('heads/model.safetensors')));
  });

  it('may lie among the checkpoint’s own weights, which then refuse no tensor for them', async () => {
    const { base, heads, out } = newCase('2: {file: base/model.safetensors, tensor: mine}');
    const { weights } = writeRandomCheckpoint(base);
    const all = [...weights.values(), drawn('mine', V, D)];
    writeSafetensors(join(base, 'model.safetensors'), all, 'F32');
    expect((await inputErrorOf(() => openCheckpoint(base))).where).toContain(': mine');
    importCheckpoint(base, out('model'), { heads });
    const manifest = readManifest(out('model'));
    expect(manifest.heads[0]!.head).toMatchObject({ file: 'model.safetensors', tensor: 'mine' });
    expect(readdirSync(out('model')).filter((name) => name.endsWith('.safetensors'))).toEqual([
      'model.safetensors',
    ]);
  });

  it('have the keys of an early-exit model that was trained with the same files', async () => {
    const { base, out, heads } = newCase(
      '2: {file: trained/exit_heads.safetensors, tensor: exit_heads.2.weight}',
    );
    writeRandomCheckpoint(out('trained'), { kind: 'early-exit', exits: [2, 4], base });
    const trained = await hashFiles(out('a'), importCheckpoint(out('trained'), out('a')));
    const foreign = await hashFiles(out('b'), importCheckpoint(base, out('b'), { heads }));
    for (const exit of [2, 4]) expect(subModelKey(foreign, exit)).toBe(subModelKey(trained, exit));
    expect(modelSize(foreign)).toEqual(modelSize(trained));
  });

  it('make another model with another tensor of the same file', async () => {
    const one = newCase('2: {file: h.bin, tensor: one}');
    one.save('h.bin', drawn('one', V, D), drawn('two', V, D));
    const keyOf = async (name: string) => {
      const manifest = importCheckpoint(one.base, one.out(name), { heads: one.heads });
      return subModelKey(await hashFiles(one.out(name), manifest), 2);
    };
    const before = await keyOf('before');
    writeFileSync(one.heads, '2: {file: h.bin, tensor: two}');
    expect(await keyOf('after')).not.toBe(before);
  });

  it('are part of the fingerprint: place, tensor, size and time', () => {
    const { base, heads, save, out } = newCase('2: {file: h.bin, tensor: one}');
    save('h.bin', drawn('one', V, D), drawn('two', V, D));
    const print = () => fingerprint(openCheckpoint(base, { heads }), 'fp32');
    const prints = [fingerprint(openCheckpoint(base), 'fp32'), print()];
    utimesSync(out('h.bin'), 1, 1);
    prints.push(print());
    writeFileSync(heads, '2: {file: h.bin, tensor: two}');
    prints.push(print());
    expect(new Set(prints).size).toBe(4);
  });

  it('are the network’s own at full depth, unless an entry names another', () => {
    const { base, heads, save, out } = newCase('2: {file: h.bin, tensor: w}\n4: {file: h.bin, tensor: w}', {
      tiedHead: true,
    });
    save('h.bin', drawn('w', V, D));
    const { exitHeads, heads: made } = importCheckpoint(base, out('model'), { heads });
    expect(exitHeads).toEqual({ heads: [2, 4], norms: [] });
    expect(made.map(({ head }) => basename(head.file))).toEqual(['exit-heads-1.bin', 'exit-heads-1.bin']);
    writeFileSync(heads, '2: {file: h.bin, tensor: w}');
    const own = importCheckpoint(base, out('own'), { heads });
    expect(own.heads.map(({ head }) => head.tensor)).toEqual(['w', 'model.embed_tokens.weight']);
  });

  it('are opened once where two names lead to one file', () => {
    const { base, heads, save, out } = newCase('1: {file: h.bin, tensor: w}\n2: {file: link.bin, tensor: w}');
    save('h.bin', drawn('w', V, D));
    symlinkSync('h.bin', out('link.bin'));
    importCheckpoint(base, out('model'), { heads });
    expect(readdirSync(out('model')).filter((name) => name.startsWith('exit-heads'))).toEqual([
      'exit-heads-1.bin',
    ]);
  });

  const head = (change: Partial<ManifestWeight>) => (manifest: Manifest) =>
    Object.assign(manifest.heads[0]!.head, change);
  const own = (exitHeads: Manifest['exitHeads']) => (manifest: Manifest) =>
    Object.assign(manifest, { exitHeads });

  it.each([
    ['another tensor of the file', head({ tensor: 'two' })],
    ['another place in the file', head({ offset: 4 })],
    ['another file', head({ file: 'model.safetensors' })],
    ['a tensor that is not there', head({ tensor: 'none' })],
    ['no exit with a head of its own', own({ heads: [], norms: [] })],
    ['nothing about heads of their own', own(undefined)],
    ['an exit that is none', own({ heads: [2, 3], norms: [] })],
    ['a norm that is the network’s', own({ heads: [2], norms: [4] })],
  ])('are refused where a changed model.json names %s', async (_what, change) => {
    const { base, heads, save, out } = newCase('2: {file: h.bin, tensor: one}');
    save('h.bin', drawn('one', V, D), drawn('two', V, D));
    importCheckpoint(base, out('model'), { heads });
    const path = out('model/model.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    change(manifest);
    writeFileSync(path, JSON.stringify(manifest));
    const error = await inputErrorOf(() => readManifest(out('model')));
    expect(error.message).not.toContain('\n');
  });
});
