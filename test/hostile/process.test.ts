/** The worst inputs, each in a process of its own with little memory: whatever kills it would be seen. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/sha256.ts';
import { MANIFEST_FILE, type Manifest } from '../../src/model/folder/manifest.ts';
import { refusalOf, runBin } from '../cli/run.ts';
import { writeInstructions, writeSweep } from '../evaluate/trio.ts';
import { damageTensor } from '../support/damage-tensor.ts';
import { seededRandom } from '../support/random.ts';
import { importRandomModel } from '../support/random-model.ts';
import { safetensorsBytes } from '../support/safetensors-file.ts';
import { tempFolder } from '../support/temp-folder.ts';

const MEMORY = ['--max-old-space-size=300'];
const root = tempFolder();
const { folder: checkpoint, modelFolder } = importRandomModel(root, 'model', {
  layers: 2,
  exits: [1, 2],
  contextLength: 640,
});

const put = (file: string, content: string | Buffer) => (folder: string) =>
  writeFileSync(join(folder, file), content);
const replace = (file: string, by: (path: string) => void) => (folder: string) => {
  rmSync(join(folder, file));
  by(join(folder, file));
};
const config = readFileSync(join(checkpoint, 'config.json'), 'utf8');
const fewShapes = `{"model.norm.weight":{"dtype":"F32","shape":[${'"x",'.repeat(3e6)}1],"data_offsets":[0,4]}}`;

const CHECKPOINTS: [title: string, change: (folder: string) => void, said: RegExp][] = [
  [
    'a header of 60 million brackets',
    put('model.safetensors', safetensorsBytes('{"x":'.padEnd(6e7, '['))),
    /128 levels/,
  ],
  [
    'a shape of three million texts',
    put('model.safetensors', safetensorsBytes(fewShapes)),
    /model\.norm\.weight/,
  ],
  [
    'exits.json with three million texts',
    put('exits.json', `["${'x","'.repeat(3e6)}"]`),
    /at most 1000000 bytes/,
  ],
  [
    'more layers than memory has room for',
    (folder) => {
      rmSync(join(folder, 'exits.json'));
      put('config.json', config.replace('"num_hidden_layers": 2', '"num_hidden_layers": 1e15'))(folder);
    },
    /layers\.2\..*no such tensor/,
  ],
  [
    'config.json without end',
    replace('config.json', (path) => symlinkSync('/dev/zero', path)),
    /something other than a file/,
  ],
  [
    'weights that are a pipe',
    replace('model.safetensors', (path) => execFileSync('mkfifo', [path])),
    /something other than a file/,
  ],
  [
    'a tokenizer that is a pipe',
    replace('tokenizer.json', (path) => execFileSync('mkfifo', [path])),
    /something other than a file/,
  ],
];

describe('import ends with one line, given', () => {
  it.each(CHECKPOINTS)('%s', async (title, change, said) => {
    const copy = join(root, title);
    cpSync(checkpoint, copy, { recursive: true });
    change(copy);
    const line = refusalOf(await runBin(['import', copy, join(root, 'out')], undefined, MEMORY));
    expect(line).toMatch(said);
  });
});

/** A sweep over a copy of the model folder. */
function sweepOver(name: string, change: (folder: string) => void): string {
  const folder = join(root, name);
  mkdirSync(folder);
  cpSync(modelFolder, join(folder, 'model'), { recursive: true });
  change(join(folder, 'model'));
  writeInstructions(folder, 1);
  const models = { model: { path: 'model' } };
  return writeSweep(folder, { models, comparisons: [], kl: undefined, judge: undefined, speed: undefined });
}

describe('generate', () => {
  it('ends with one line after its progress, given weights with a NaN', async () => {
    const damage = (folder: string) =>
      damageTensor(join(folder, 'model.safetensors'), 'model.layers.0.mlp.up_proj.weight', 7, 'NaN');
    const { code, signal, stderr } = await runBin(['generate', sweepOver('nan', damage)], undefined, MEMORY);
    expect({ code, signal }, stderr).toEqual({ code: 2, signal: null });
    expect(stderr.split('\n').slice(-2)[0]).toMatch(
      /^sorted-eval: .*head\.onnx: expected finite numbers, found NaN/,
    );
  });

  it.each([1, 2])('outlives a forged graph that model.json vouches for (%d)', async (seed) => {
    const { code, signal, stderr } = await runBin(
      ['generate', sweepOver(`forged ${seed}`, (folder) => forgeGraph(folder, seed))],
      undefined,
      MEMORY,
    );
    expect(signal).toBe(null);
    expect([0, 2], stderr).toContain(code);
  });
});

/** One flipped bit in the first segment, with the sha256 that goes with it. */
function forgeGraph(folder: string, seed: number): void {
  const random = seededRandom(seed);
  const [graph, manifestPath] = ['segment-00.onnx', MANIFEST_FILE].map((name) => join(folder, name)) as [
    string,
    string,
  ];
  const bytes = readFileSync(graph);
  bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  writeFileSync(graph, bytes);
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as Manifest;
  manifest.files['segment-00.onnx']!.sha256 = sha256(bytes);
  writeFileSync(manifestPath, JSON.stringify(manifest));
}
