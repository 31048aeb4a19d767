import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { ADAPTER_NAMES, ADAPTERS, importAdapter } from '../support/adapters.ts';
import { type GoldenCase, greedyIds, logitDistances, readGolden } from '../support/golden.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Logits are around 10, and golden values have six decimals. */
const LOGIT_TOLERANCE = 1e-4;
const root = tempFolder();

describe.each(ADAPTER_NAMES)('the adapter %s, imported with its base', (name) => {
  let cases: GoldenCase[] = [];
  let network: SegmentedModel;
  beforeAll(async () => {
    cases = readGolden(join(ADAPTERS, name, 'answers.json'));
    network = await SegmentedModel.open(importAdapter(root, name));
  });
  afterAll(() => network?.close());

  it('answers 32 prompts with the ids of peft’s merge_and_unload at every exit', async () => {
    expect(cases).toHaveLength(32);
    expect(Object.keys(cases[0]!.exits).map(Number)).toEqual(network.manifest.exits);
    expect(await greedyIds(network, cases)).toEqual(cases.map(({ exits }) => exits));
  });

  it(`has its logits within ${LOGIT_TOLERANCE} at every exit`, async () => {
    const distances = await logitDistances(network, cases);
    expect([...distances.keys()]).toEqual(network.manifest.exits);
    expect(Math.max(...distances.values())).toBeLessThan(LOGIT_TOLERANCE);
  });
});
