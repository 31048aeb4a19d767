import { describe, expect, it } from 'vitest';
import type { Continuation } from '../../../src/engine/forced/continuation.ts';
import { teacherForce } from '../../../src/engine/forced/teacher-force.ts';
import { FAKE_VOCABULARY, fakeSegmentedModel } from '../../support/fake-models.ts';
import { seededRandom } from '../../support/random.ts';

const random = seededRandom(23);
const draw = (count: number) => Array.from({ length: count }, () => random.below(FAKE_VOCABULARY));
const contexts = [draw(1), draw(9), draw(70)];
const continuations: Continuation[] = [3, 1, 8, 3, 0, 40, 3, 8].map((length, index) => ({
  context: contexts[index % 3]!,
  continuation: draw(length),
}));

/** [token, sum of all tokens up to it] before each token of a continuation. */
function expected({ context, continuation }: Continuation): number[] {
  return continuation.flatMap((_, index) => {
    const before = [...context, ...continuation.slice(0, index)];
    return [before.at(-1)!, before.reduce((sum, id) => sum + id, 0)];
  });
}

describe.each([false, true])('teacher forcing (shared contexts: %s)', (shareContexts) => {
  it.each([1, 2, 100])('gives the state before each token, in batches of at most %i', async (batchSize) => {
    const model = fakeSegmentedModel();
    const options = { exits: [2, 4], shareContexts, batchSize };
    const states = await teacherForce(model, continuations, options);
    for (const [index, byExit] of states.entries()) {
      expect([...byExit.keys()]).toEqual([2, 4]);
      for (const values of byExit.values()) expect([...values]).toEqual(expected(continuations[index]!));
    }
    expect(Math.max(...model.steps.map(({ rows }) => rows))).toBeLessThanOrEqual(batchSize);
  });
});

it('reads a shared context once for all of its continuations', async () => {
  const tokensRead = async (shareContexts: boolean) => {
    const model = fakeSegmentedModel({ exits: [4] });
    const task = [5, 5, 5].map((length) => ({ context: contexts[2]!, continuation: draw(length) }));
    await teacherForce(model, task, { exits: [4], shareContexts });
    return model.steps.reduce((sum, { rows, queryLength }) => sum + rows * queryLength, 0);
  };
  expect(await tokensRead(false)).toBe(3 * (70 + 4));
  expect(await tokensRead(true)).toBe(70 + 3 * 4);
});
