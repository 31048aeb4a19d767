import { describe, expect, it } from 'vitest';
import { type ScoreEvidence, scoreNotes } from '../../../src/figures/run/score-notes.ts';

const evidence: ScoreEvidence = {
  orders: [
    { comparison: 'soft against sft', order: 'ab', wins: 10, losses: 5, ties: 4, malformed: 1 },
    { comparison: 'soft against sft', order: 'ba', wins: 10, losses: 5, ties: 5, malformed: 0 },
  ],
  rule: [{ malformedRule: 'dropped' }],
  agreement: [],
  people: [],
};
const faithful = { judgeDeviations: null };

describe('scoreNotes', () => {
  it('names the policy, the share of malformed verdicts and what became of them', () => {
    const [policy] = scoreNotes(faithful, evidence, { policy: 'both-agree' });
    expect(policy).toBe(
      'Policy both-agree: a win counts when both orders say so, all else is a tie (MT-Bench, arXiv 2306.05685, and FastChat’s show_result.py). Malformed verdicts: 2.5 %, counted as neither win, loss nor tie.',
    );
    const [asTie] = scoreNotes(
      faithful,
      { ...evidence, rule: [{ malformedRule: 'tie' }] },
      { policy: 'average' },
    );
    expect(asTie).toMatch(/^Policy average: .* 2\.5 %, counted as a tie\.$/);
  });

  it('lists how the judge deviates from PandaLM, or states that it does not', () => {
    expect(scoreNotes(faithful, evidence, { policy: 'average' })[1]).toBe('Judged as PandaLM does.');
    const deviating = { judgeDeviations: 'greedy decoding; no penalty' };
    expect(scoreNotes(deviating, evidence, { policy: 'average' })[1]).toBe(
      'Deviations from PandaLM: greedy decoding; no penalty.',
    );
  });

  it('names the protocol of the run’s judge', () => {
    const [, faithfulNote] = scoreNotes({ ...faithful, judgeProtocol: 'mt-bench' }, evidence, {
      policy: 'average',
    });
    expect(faithfulNote).toBe('Judged as MT-Bench does.');
    const deviating = { judgeDeviations: 'one text', judgeProtocol: 'mt-bench' };
    const [, note] = scoreNotes(deviating, evidence, { policy: 'average' });
    expect(note).toBe('Deviations from MT-Bench: one text.');
  });

  it('shows the measured agreement with right answers and with people, and nothing where neither was measured', () => {
    expect(scoreNotes(faithful, evidence, { policy: 'average' })).toHaveLength(2);
    const known = {
      comparison: 'soft against sft',
      pairs: 40,
      consistentPairs: 30,
      consistentWinnerPairs: 15,
    };
    const agreement = [
      { ...known, winnerPairs: 20, agreeingVerdicts: 37 },
      { ...known, comparison: 'without answers', winnerPairs: 0, agreeingVerdicts: 0 },
    ];
    const person = { malformedRule: 'tie' as const, pairs: 9, accuracyLow: 0.5, accuracyHigh: 0.7 };
    const people = [{ ...person, labels: 'people.json', accuracy: 0.6667, macroF1: 0.5, kappa: null }];
    expect(scoreNotes(faithful, { ...evidence, agreement, people }, { policy: 'average' })[2]).toBe(
      'Measured: of verdicts where just one answer is right, the judge prefers that one in 92.5 % (soft against sft); it agrees with 66.67 % of human labels (people.json).',
    );
  });
});
