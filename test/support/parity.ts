import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { type GoldenCase, greedyIds, logitDistances, promptIds, readGolden } from './golden.ts';
import { tempFolder } from './temp-folder.ts';

interface Expected {
  readonly minCases: number;
  /** Largest absolute difference allowed; both sides sum float32 in their own order. */
  readonly logitTolerance: number;
}

/** Declares the tests of one checkpoint against what transformers computed; a missing file fails them. */
export function describeParity(
  title: string,
  checkpoint: string,
  golden: string,
  { minCases, logitTolerance }: Expected,
): void {
  describe(title, () => {
    const root = tempFolder();
    let cases: GoldenCase[] = [];
    let network: SegmentedModel | undefined;
    beforeAll(async () => {
      cases = readGolden(golden);
      const folder = join(root, 'model');
      importCheckpoint(checkpoint, folder);
      network = await SegmentedModel.open(folder);
    });
    afterAll(() => network?.close());

    it(`has at least ${minCases} prompts, each at every exit of the model`, () => {
      expect(cases.length).toBeGreaterThanOrEqual(minCases);
      const exits = network!.manifest.exits.map(String);
      for (const golden of cases) {
        expect(Object.keys(golden.exits)).toEqual(exits);
      }
      expect(Object.keys(cases[0]!.logits)).toEqual(exits);
    });

    it('makes the same ids of a prompt as transformers', () => {
      expect(promptIds(checkpoint, cases)).toEqual(cases.map(({ prompt_ids }) => prompt_ids));
    });

    it('decodes greedily to the same ids as transformers at every exit', async () => {
      expect(await greedyIds(network!, cases)).toEqual(cases.map(({ exits }) => exits));
    });

    it(`has transformers’ logits within ${logitTolerance} at every exit`, async ({ annotate }) => {
      const distances = await logitDistances(network!, cases);
      const stated = [...distances].map(([exit, distance]) => `${exit}: ${distance.toExponential(1)}`);
      await annotate(`largest difference at exit ${stated.join(', ')}`);
      expect([...distances.keys()]).toEqual(network!.manifest.exits);
      expect(Math.max(...distances.values())).toBeLessThan(logitTolerance);
    });
  });
}
