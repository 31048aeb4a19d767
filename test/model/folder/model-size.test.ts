import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelSize } from '../../../src/model/folder/model-size.ts';
import { readManifest } from '../../../src/model/folder/read-manifest.ts';
import { importRandomModel } from '../../support/random-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';

describe('the extra heads of a model', () => {
  const folder = tempFolder();
  const size = (name: string, options: Parameters<typeof importRandomModel>[2]) => {
    const { modelFolder, architecture } = importRandomModel(folder, name, options);
    const { hiddenSize: D, vocabSize: V } = architecture;
    return { DV: D * V, parameters: modelSize(readManifest(modelFolder)).extraHeadParameters };
  };

  it('are (|B| − 1)·D·V parameters of an early-exit model, and none of others', () => {
    const sft = size('sft', { kind: 'sft', exits: [1, 2, 4] });
    expect(sft.parameters).toBe(0);
    const base = join(folder, 'sft-checkpoint');
    const { DV, parameters } = size('early', { kind: 'early-exit', exits: [1, 2, 4], base });
    expect(parameters).toBe(2 * DV);
    expect(parameters).toBeGreaterThan(0);
  });
});
