import { describe, expect, it } from 'vitest';
import { startResponses } from '../../../src/engine/greedy/start-responses.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { fakeNext, fakeSegmentedModel } from '../../support/fake-models.ts';

const PROMPTS = [
  { tag: 'a', ids: [3, 5, 8], exits: [1, 4] },
  { tag: 'b', ids: [9, 2, 6], exits: [2, 4, 1] },
];

describe('the first tokens of responses', () => {
  it.each([false, true])('are those of each prompt at each exit (own heads: %s)', async (ownHeads) => {
    const model = fakeSegmentedModel({ ownHeads });
    const rows = await startResponses(model, PROMPTS);
    expect(rows).toHaveLength(5);
    for (const { prompt, exit, tokenIds, lastToken, headFile, length } of rows) {
      expect(headFile).toBe(ownHeads ? `head-${exit}.onnx` : 'head.onnx');
      expect(tokenIds).toEqual([fakeNext(prompt.ids, headFile)]);
      expect([lastToken, length]).toEqual([tokenIds[0], 3]);
    }
    expect(model.headRows).toEqual(ownHeads ? [2, 1, 2] : [5]);
  });

  it('come from one prefill of all prompts, the deepest rows first', async () => {
    const model = fakeSegmentedModel();
    const rows = await startResponses(model, PROMPTS);
    expect(model.steps.map((step) => step.rows)).toEqual([2, 2, 2]);
    expect(rows.map(({ exit }) => exit)).toEqual([4, 4, 2, 1, 1]);
    expect(rows.map(({ prompt, prefilledRow }) => [prompt.tag, prefilledRow])).toContainEqual(['b', 1]);
  });

  it('run no segment that none of the exits needs', async () => {
    const model = fakeSegmentedModel();
    await startResponses(model, [{ tag: 'a', ids: [4], exits: [2, 1] }]);
    expect(model.steps).toHaveLength(2);
  });

  it('are refused at an exit that the model does not have', async () => {
    const prompts = [{ tag: 'a', ids: [4], exits: [3] }];
    expect((await inputErrorOf(() => startResponses(fakeSegmentedModel(), prompts))).code).toBe(
      'unknown-exit',
    );
  });
});
