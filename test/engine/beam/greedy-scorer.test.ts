import { expect, it } from 'vitest';
import { GreedyScorer } from '../../../src/engine/beam/greedy-scorer.ts';

const limits = { eosTokenIds: [9], maxNewTokens: 3, promptTokens: 4, contextLength: 100 };
const advance = (scorer: GreedyScorer, ...tokens: number[]) => {
  for (const token of tokens) scorer.advance([{ beam: 0, token, score: -1 }]);
};

it('a greedy search has one beam, which takes the best token at no cost', () => {
  const scorer = new GreedyScorer(limits);
  expect(scorer.candidates).toBe(1);
  advance(scorer, 5, 6);
  expect(scorer.beams).toEqual([{ tokens: [5, 6], score: 0, parent: 0 }]);
  expect(scorer.isDone).toBe(false);
});

it('a greedy search is done at the end token or at a limit, and only the end finishes its response', () => {
  const [ended, limited] = [new GreedyScorer(limits), new GreedyScorer(limits)];
  advance(ended, 5, 9);
  expect([ended.isDone, ended.best()]).toEqual([true, { tokens: [5, 9], isFinished: true }]);
  advance(limited, 5, 6, 7);
  expect([limited.isDone, limited.best()]).toEqual([true, { tokens: [5, 6, 7], isFinished: false }]);
});
