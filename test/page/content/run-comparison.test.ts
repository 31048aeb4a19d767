import { describe, expect, it } from 'vitest';
import type { Preference } from '../../../src/core/domain.ts';
import {
  changedPairs,
  differenceFigure,
  type JudgedRun,
  runDifferences,
  type ScoreRule,
} from '../../../src/page/content/run-comparison.ts';
import type { RunHead } from '../../../src/store/read/run-head.ts';

const comparison = { name: 'soft against sft', modelA: 'soft', modelB: 'sft', exitsA: [2, 4], exitsB: [4] };
const model = (name: 'soft' | 'sft', label: string) => ({
  ...{ model: name, kind: name, label, layers: 4, precision: 'fp32', subModels: [] },
  ...{ bodyParameters: 0, embeddingParameters: 0, headParameters: 0, extraHeadParameters: 0 },
  ...{ weightBytes: 0, extraHeadBytes: 0 },
});
const head: RunHead = {
  ...{ run: 'r', instructions: 2, judge: 'j', judgeDeviations: null, policy: 'average' },
  models: [model('soft', 'SoFT'), model('sft', 'SFT')],
  comparisons: [comparison],
  ...{ curves: [], speedBatchSize: null },
};
/** Verdicts of the comparison at exit 4 of sft: instruction → preference in both orders. */
const verdicts = (exitA: number, preferences: Readonly<Record<string, Preference>>) =>
  Object.entries(preferences).map(([instructionId, preference]) => ({
    ...{ exitA, exitB: 4, instructionId, ab: preference, ba: preference },
  }));
const AVERAGE = { policy: 'average', malformedRule: 'dropped' } as const;

describe('two runs', () => {
  const own: JudgedRun = {
    head,
    verdicts: {
      [comparison.name]: [
        ...verdicts(2, { one: 'a' }),
        ...verdicts(4, { one: 'a', two: 'tie', three: 'b', four: 'b' }),
        { exitA: 4, exitB: 4, instructionId: 'half', ab: 'a', ba: null },
      ],
    },
  };
  const other: JudgedRun = {
    head: { ...head, comparisons: [{ ...comparison, name: 'called otherwise', exitsA: [4] }] },
    verdicts: { 'called otherwise': verdicts(4, { one: 'b', two: 'tie', five: 'a', half: 'a' }) },
  };

  it('are compared on the instructions that both judged alone, with their number in every cell', () => {
    const { differences, left } = runDifferences(own, other, AVERAGE);
    expect(differences).toMatchObject([{ comparison: 'soft against sft', modelA: 'SoFT', exitsA: [4] }]);
    // Of one and two: (1 + 0) / 2 here, (−1 + 0) / 2 there. Three, four, five and half are of one run alone.
    expect(differences[0]!.cells).toEqual([
      { exitA: 4, exitB: 4, n: 2, score: 0.5, other: -0.5, difference: 1 },
    ]);
    expect(left).toEqual(['soft against sft: 1 cells have no counterpart in the other run.']);
    const figure = differenceFigure(differences, AVERAGE)!;
    expect(figure.panels[0]!.config.data.datasets[0]!.data).toMatchObject([{ x: '4', y: '4', v: 1 }]);
    expect(figure.footer.join(' ')).toContain('n instructions that both runs judged in both orders');
  });

  it('are scored by one rule', () => {
    const odd = { ...own, verdicts: { [comparison.name]: verdicts(4, { one: 'malformed', two: 'a' }) } };
    const scoreBy = (rule: ScoreRule) =>
      runDifferences(odd, other, rule).differences[0]!.cells.map(({ score }) => score);
    expect(scoreBy(AVERAGE)).toEqual([0.5]);
    expect(scoreBy({ policy: 'pooled', malformedRule: 'tie' })).toEqual([0.5]);
  });

  it('without a common instruction, or without a comparison of the same models, say so by name', () => {
    const apart = { ...other, verdicts: { 'called otherwise': verdicts(4, { six: 'a' }) } };
    const nothing = runDifferences(own, apart, AVERAGE);
    expect(nothing).toEqual({
      differences: [],
      left: ['soft against sft: no instruction is judged in both orders in both runs.'],
    });
    expect(differenceFigure(nothing.differences, AVERAGE)).toBeUndefined();
    const others = {
      ...other,
      head: { ...head, comparisons: [{ ...comparison, name: 'x', modelB: 'soft' }] },
    };
    expect(runDifferences(own, others, AVERAGE).left).toEqual([
      'soft against sft: the other run has no such comparison.',
      'x: of the other run alone.',
    ]);
  });

  it('differ in pairs whose outcome over both orders changed', () => {
    const at = { exitA: 2, exitB: 4 };
    const now = [
      { ...at, instructionId: 'same', ab: 'a', ba: 'a' },
      { ...at, instructionId: 'turned', ab: 'a', ba: 'a' },
      { ...at, instructionId: 'new', ab: 'a', ba: 'a' },
    ] as const;
    const before = [
      { ...at, instructionId: 'same', ab: 'a', ba: 'a' },
      { ...at, instructionId: 'turned', ab: 'a', ba: 'b' },
    ] as const;
    expect(changedPairs(now, before)).toEqual([{ own: now[1], before: 'flip', after: 'a' }]);
  });
});
