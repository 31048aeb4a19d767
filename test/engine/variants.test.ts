import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FullDepthModel } from '../../src/engine/session/full-depth-model.ts';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import {
  beamIds,
  divergences,
  type GoldenCase,
  greedyIds,
  logitDistances,
  readGolden,
} from '../support/golden.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { importVariant, VARIANT_NAMES } from '../support/variants.ts';

/** Logits are around 10, and golden values have five decimals. */
const LOGIT_TOLERANCE = 1e-4;
/** Nats; KL is around 5. */
const KL_TOLERANCE = 1e-4;
const root = tempFolder();

describe.each(VARIANT_NAMES)('the random network %s', (name) => {
  let cases: GoldenCase[] = [];
  let folder: string;
  let network: SegmentedModel;
  let beams: FullDepthModel;
  beforeAll(async () => {
    cases = readGolden(`test/golden/variants/${name}.json`);
    folder = importVariant(root, name);
    network = await SegmentedModel.open(folder);
    beams = await FullDepthModel.open(folder);
  });
  afterAll(async () => {
    await network?.close();
    await beams?.close();
  });

  it('decodes greedily to the same ids as transformers at every exit', async () => {
    expect(Object.keys(cases[0]!.exits).map(Number)).toEqual(network.manifest.exits);
    expect(await greedyIds(network, cases)).toEqual(cases.map(({ exits }) => exits));
  });

  it(`has transformers’ logits within ${LOGIT_TOLERANCE} at every exit, after the prompt and after the answer`, async () => {
    const distances = await logitDistances(network, cases);
    expect([...distances.keys()]).toEqual(network.manifest.exits);
    expect(Math.max(...distances.values())).toBeLessThan(LOGIT_TOLERANCE);
  });

  it('has PyTorch’s KL between its last exit and every exit, along the last exit’s answer', async () => {
    for (const golden of cases.filter(({ kl }) => kl)) {
      const ours = await divergences(network, folder, golden);
      for (const [exit, values] of Object.entries(golden.kl!)) {
        expect(largestDifference(ours[exit]!, values)).toBeLessThan(KL_TOLERANCE);
      }
    }
  });

  it('has transformers’ answers of beam search', async () => {
    expect(await beamIds(beams, cases)).toEqual(cases.map(({ beams }) => beams));
  });
});

function largestDifference(ours: readonly number[], expected: readonly number[]): number {
  expect(ours.length).toBe(expected.length);
  return Math.max(...ours.map((value, index) => Math.abs(value - expected[index]!)));
}
