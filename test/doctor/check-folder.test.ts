import { readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { silentProgress } from '../../src/core/progress.ts';
import { folderChecks } from '../../src/doctor/check-folder.ts';
import { hashFiles } from '../../src/model/folder/hash-files.ts';
import { readManifest } from '../../src/model/folder/read-manifest.ts';
import { damageTensor } from '../support/damage-tensor.ts';
import { inputErrorOf } from '../support/failure.ts';
import { importRandomModel } from '../support/random-model.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const OPTIONS = { progress: silentProgress };
let count = 0;
let checkpoint = '';
let folder = '';
const weights = () => join(folder, 'model.safetensors');

beforeEach(async () => {
  const model = importRandomModel(root, `model-${count++}`, { exits: [2, 3, 4] });
  [checkpoint, folder] = [model.folder, model.modelFolder];
  await hashFiles(folder, readManifest(folder));
});

const failed = async (path: string) =>
  (await folderChecks(path, OPTIONS))
    .filter(({ passed }) => !passed)
    .map(({ name, detail }) => `${name}: ${detail}`);

describe('folderChecks', () => {
  it('runs a token through every exit of a model folder', async () => {
    const checks = await folderChecks(folder, OPTIONS);
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual([
      'files',
      'weights',
      'tokenizer',
      'sha256',
      'memory',
      'graphs',
      'exit 2',
      'exit 3',
      'exit 4',
    ]);
  });

  it('checks what a checkpoint has', async () => {
    const checks = await folderChecks(checkpoint, OPTIONS);
    expect(checks.map(({ name, passed }) => [name, passed])).toEqual([
      ['files', true],
      ['weights', true],
      ['tokenizer', true],
      ['memory', true],
    ]);
  });

  it('lists what was decided about unusual files', async () => {
    const config = { bos_token_id: 1 };
    const model = importRandomModel(root, `model-${count++}`, { exits: [2, 4], config });
    for (const place of [model.folder, model.modelFolder])
      expect(await folderChecks(place, OPTIONS)).toContainEqual({
        name: 'notes',
        passed: true,
        detail: expect.stringMatching(/^prompts begin with <\/s> \(1\), the bos_token_id of config.json/),
      });
  });

  it('names the tensor that holds a NaN, and the exits that it spoils', async () => {
    damageTensor(weights(), 'model.layers.2.mlp.gate_proj.weight', 3, 'NaN');
    expect(await failed(folder)).toEqual([
      expect.stringMatching(
        /^weights: .*model\.layers\.2\.mlp\.gate_proj\.weight \(1 in model\.safetensors\)/,
      ),
      expect.stringMatching(/^sha256: model\.safetensors: /),
      expect.stringMatching(/^exit 3: .*expected finite numbers, found NaN/),
      expect.stringMatching(/^exit 4: .*expected finite numbers, found NaN/),
    ]);
  });

  it('finds a weight that was changed though size and time are the same', async () => {
    const { atime, mtime } = statSync(weights());
    const bytes = readFileSync(weights());
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(weights(), bytes);
    utimesSync(weights(), atime, mtime);
    expect(await failed(folder)).toEqual([
      'sha256: model.safetensors: expected the sha256 that model.json holds, found other bytes. ' +
        'Import the checkpoint again: sorted-eval import <checkpoint> <folder> --replace.',
    ]);
  });

  it.each<[string, string, (path: string) => void, RegExp]>([
    [
      'a graph cut short',
      'head.onnx',
      (path) => truncateSync(path, 99),
      /^files: .*head\.onnx.*found 99 bytes/,
    ],
    [
      'a missing segment',
      'segment-01.onnx',
      (path) => rmSync(path),
      /^files: .*segment-01\.onnx.*no such file/,
    ],
    [
      'weights cut short',
      'model.safetensors',
      (path) => truncateSync(path, 999),
      /^files: .*found 999 bytes/,
    ],
  ])('reports %s alone, and how to repair it', async (_, file, change, said) => {
    change(join(folder, file));
    const lines = await failed(folder);
    expect(lines).toEqual([expect.stringMatching(said)]);
    expect(lines[0]).toContain('Import the checkpoint again');
  });

  it('reports a damaged tokenizer and continues', async () => {
    const path = join(folder, 'tokenizer.json');
    const text = readFileSync(path, 'utf8').replace('"BPE"', '"BPX"').replace('"vocab"', '"vocal"');
    writeFileSync(path, text);
    expect(await failed(folder)).toEqual([
      expect.stringMatching(/^tokenizer: .*tokenizer\.json: .*expected /),
      expect.stringMatching(/^sha256: tokenizer\.json: /),
    ]);
  });

  it.each([
    ['nobody', 'no such folder'],
    ['', 'neither'],
  ])('refuses a path that is no model: %s', async (path, found) => {
    const error = await inputErrorOf(() => folderChecks(join(root, path), OPTIONS));
    expect(error.message).toContain(`found ${found}`);
  });
});
