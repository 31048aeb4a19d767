import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import type { Precision } from '../../src/model/quantise/precision.ts';
import { type GoldenCase, greedyIds, logitDistances, readGolden } from '../support/golden.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Written by scripts/train/heads_golden.py. */
const GOLDEN = 'test/golden/exit-heads';
const LOGIT_TOLERANCE = 1e-4;
/** Logits are around 5: those of another head are several off. */
const INT8_TOLERANCE = 1;
const root = tempFolder();

async function open(precision: Precision, exits?: readonly number[]): Promise<SegmentedModel> {
  const folder = join(root, `${precision}-${exits ?? 'all'}`);
  const heads = join(GOLDEN, 'heads.yaml');
  importCheckpoint(join(GOLDEN, 'base'), folder, { heads, precision, ...(exits && { exits }) });
  return SegmentedModel.open(folder);
}

describe('a checkpoint whose exits have heads and norms in other files', () => {
  let cases: GoldenCase[];
  let model: SegmentedModel;
  beforeAll(async () => {
    cases = readGolden(join(GOLDEN, 'golden.json'));
    model = await open('fp32');
  });
  afterAll(() => model?.close());

  it('decodes greedily to PyTorch’s ids at every exit', async () => {
    expect(model.manifest.exits).toEqual([1, 2, 3, 4]);
    expect(await greedyIds(model, cases)).toEqual(cases.map(({ exits }) => exits));
  });

  it(`has PyTorch’s logits within ${LOGIT_TOLERANCE} at every exit`, async () => {
    const distances = await logitDistances(model, cases);
    expect([...distances.keys()]).toEqual([1, 2, 3, 4]);
    expect(Math.max(...distances.values())).toBeLessThan(LOGIT_TOLERANCE);
  });

  it('has the same ids where some exits alone are imported', async () => {
    const some = await open('fp32', [1, 3]);
    const wanted = cases.map(({ exits, ...rest }) => ({ ...rest, exits: { 1: exits[1]!, 3: exits[3]! } }));
    expect(await greedyIds(some, wanted)).toEqual(wanted.map(({ exits }) => exits));
    await some.close();
  });

  it('at int8 has the heads of the exits too: logits near to PyTorch’s', async () => {
    const quantised = await open('int8');
    const distances = await logitDistances(quantised, cases);
    expect(Math.max(...distances.values())).toBeLessThan(INT8_TOLERANCE);
    await quantised.close();
  });
});
