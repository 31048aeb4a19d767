import { cpSync, mkdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/sha256.ts';
import { openCheckpoint } from '../../../src/model/checkpoint/checkpoint.ts';
import { importIfChanged } from '../../../src/model/folder/import-if-changed.ts';
import { readManifest } from '../../../src/model/folder/read-manifest.ts';
import { klGraph, likelihoodGraph } from '../../../src/model/graphs/head-graphs.ts';
import { encodeModel } from '../../../src/model/graphs/onnx.ts';
import { PRECISIONS } from '../../../src/model/quantise/precision.ts';
import { recordImport, recordVariant } from '../../support/import-record.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { IMPORTABLE_NAMES } from '../../support/variants.ts';

const root = tempFolder();
const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

// Everything here was computed by commit 8389566. A difference means that results which users have would be
// computed
// anew, or worse, that they would be taken for those of another network: raise GRAPH_VERSION, or undo the
// change.
describe('what was imported before keeps its content keys, its graphs and its fingerprint', () => {
  it.each(IMPORTABLE_NAMES)('%s', async (name) => {
    expect(await recordVariant(root, name)).toEqual(readJson(`test/golden/imports/${name}.json`));
  });

  it.each(['sft', 'soft', 'early-exit', 'judge'])('the nano run’s %s', async (name) => {
    const expected = readJson('test/golden/imports/nano.json')[name];
    expect(Object.keys(expected.keys).length).toBeGreaterThan(0);
    expect(await recordImport(join(root, `nano-${name}`), `eval-data/nano/models/${name}`, 'fp32')).toEqual(
      expected,
    );
  });
});

describe('the graphs that lie in no model folder stay as they are', () => {
  const small = { hiddenSize: 32, vocabSize: 262, rmsNormEps: 1e-5, norm: 'rms' } as const;
  const large = { hiddenSize: 64, vocabSize: 262, rmsNormEps: 1e-6, norm: 'rms' } as const;

  it.each([
    [
      'kl, one head',
      klGraph(large, small, 1),
      '440b4daadc11a91df9f646c7a1e0002bc303cfe288426b624cec5521f431d116',
    ],
    [
      'kl, three heads',
      klGraph(small, large, 3),
      '187613cbd87e51b904c4fb18b46e4aebae9586c32a6b2c3dc5ee7c853f903418',
    ],
    [
      'likelihood',
      likelihoodGraph(small),
      'ca89067aa55b4af5fc11da1a4395991ab9fa54785cd0b854d9faf54bd2230702',
    ],
  ])('%s', (_, graph, expected) => {
    expect(sha256(encodeModel(graph))).toBe(expected);
  });
});

describe('a model folder that commit 8389566 wrote', () => {
  const checkpoint = join(root, 'tiny');
  writeRandomCheckpoint(checkpoint, readJson('test/golden/model-folders/options.json'));
  utimesSync(join(checkpoint, 'model.safetensors'), 1_700_000_000, 1_700_000_000);

  it.each(PRECISIONS)('is read and not imported anew: %s', async (precision) => {
    const folder = join(root, 'models', precision);
    mkdirSync(join(root, 'models'), { recursive: true });
    cpSync(`test/golden/model-folders/${precision}`, folder, { recursive: true });
    const manifest = readManifest(folder);
    const { architecture } = openCheckpoint(checkpoint);
    expect(manifest).toEqual({ ...readJson(join(folder, 'model.json')), architecture });
    const { ino } = statSync(folder);
    expect(await importIfChanged(checkpoint, folder, { precision })).toEqual(manifest);
    expect(statSync(folder).ino).toBe(ino);
  });
});
