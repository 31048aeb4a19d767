import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readManifest } from '../../../../src/model/folder/read-manifest.ts';
import { modelSize, openBytes } from '../../../../src/model/folder/sizes/model-size.ts';
import { writeRandomCheckpoint } from '../../../support/random-checkpoint.ts';
import { importRandomModel } from '../../../support/random-model.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

describe('the extra heads of a model', () => {
  const folder = tempFolder();
  const size = (name: string, options: Parameters<typeof importRandomModel>[2]) => {
    const { modelFolder, architecture } = importRandomModel(folder, name, options);
    const { hiddenSize: D, vocabSize: V } = architecture;
    const manifest = readManifest(modelFolder);
    return { DV: D * V, parameters: modelSize(manifest).extraHeadParameters, manifest };
  };

  it('are (|B| − 1)·D·V parameters of an early-exit model, and none of others', () => {
    const sft = size('sft', { kind: 'sft', exits: [1, 2, 4] });
    expect(sft.parameters).toBe(0);
    const base = join(folder, 'sft-checkpoint');
    const { DV, parameters } = size('early', { kind: 'early-exit', exits: [1, 2, 4], base });
    expect(parameters).toBe(2 * DV);
    expect(parameters).toBeGreaterThan(0);
  });

  it('are those beyond the first where an early-exit model ends before full depth', () => {
    writeRandomCheckpoint(join(folder, 'whole'), { kind: 'sft', tiedHead: true, exits: [1, 2, 4] });
    const options = {
      kind: 'early-exit',
      tiedHead: true,
      exits: [1, 2],
      base: join(folder, 'whole'),
    } as const;
    const { DV, parameters, manifest } = size('early-part', options);
    expect(parameters).toBe(DV);
    expect(modelSize(manifest)).toMatchObject({ headParameters: DV, embeddingParameters: DV });
  });
});

describe('the bytes of an open model', () => {
  const folder = tempFolder();
  const manifestOf = (name: string, options: Parameters<typeof importRandomModel>[2]) =>
    readManifest(importRandomModel(folder, name, options).modelFolder);

  it('are four for every parameter, whatever the type of the checkpoint', () => {
    const plain = { kind: 'sft', exits: [1, 2, 4], tiedHead: false } as const;
    const manifest = manifestOf('plain', plain);
    const { bodyParameters, embeddingParameters, headParameters } = modelSize(manifest);
    expect(openBytes(manifest)).toBe(4 * (bodyParameters + embeddingParameters + headParameters));
    expect(openBytes(manifestOf('half', { ...plain, dtype: 'BF16' }))).toBe(openBytes(manifest));
  });

  it('count a tied head beside the embedding, and every head of an early-exit model', () => {
    const tied = manifestOf('tied', { kind: 'sft', exits: [1, 2, 4], tiedHead: true });
    const { hiddenSize: D, vocabSize: V } = tied.architecture;
    expect(openBytes(tied)).toBe(4 * (modelSize(tied).bodyParameters + 2 * D * V));
    const sft = manifestOf('sft', { kind: 'sft', exits: [1, 2, 4] });
    const base = join(folder, 'sft-checkpoint');
    const early = manifestOf('early', { kind: 'early-exit', exits: [1, 2, 4], base });
    expect(openBytes(early) - openBytes(sft)).toBe(4 * 2 * D * V);
  });
});
