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
  pairs: [{ fewest: 20, most: 20, instructions: 20 }],
};
const faithful = { judge: 'nano judge', judgeDeviations: null };

const AVERAGE = { policy: 'average' } as const;

describe('scoreNotes', () => {
  it('names the policy, the share of malformed verdicts and what became of them', () => {
    const [policy] = scoreNotes(faithful, evidence, { policy: 'both-agree' });
    expect(policy).toBe(
      'Policy both-agree: a win counts when both orders say so, all else is a tie (MT-Bench, arXiv 2306.05685, and FastChat’s show_result.py). Malformed verdicts: 2.5 % of 40, counted as neither win, loss nor tie.',
    );
    const [asTie] = scoreNotes(
      faithful,
      { ...evidence, rule: [{ malformedRule: 'tie' }] },
      { policy: 'average' },
    );
    expect(asTie).toMatch(/^Policy average: .* 2\.5 % of 40, counted as a tie\.$/);
  });

  it('states which model judged apart from how it decoded: a small model can decode as PandaLM does', () => {
    const judgeModel = { name: 'judge', parameters: 1_815_040, source: 'checkpoint of 6 layers at fp32' };
    const judgeDecoding = { strategy: 'beams', numBeams: 4, repetitionPenalty: 1.2, maxNewTokens: 512 };
    const [, who, how] = scoreNotes({ ...faithful, judgeModel, judgeDecoding }, evidence, AVERAGE);
    expect(who).toBe('Judge: nano judge: judge, 1.8 million parameters (checkpoint of 6 layers at fp32).');
    expect(how).toBe(
      'Prompt and decoding: those of PandaLM’s authors (4 beams, repetition penalty 1.2, at most 512 new tokens).',
    );
  });

  it('lists how the judge deviates, and tells what is not known of it', () => {
    const deviating = { ...faithful, judgeDeviations: 'greedy decoding; no penalty' };
    const [, who, how] = scoreNotes(deviating, evidence, AVERAGE);
    expect(who).toBe('Judge: nano judge; its model was not stored.');
    expect(how).toBe(
      'Prompt: PandaLM’s. Decoding: not known. Deviations from PandaLM: greedy decoding; no penalty.',
    );
  });

  it('names the protocol of the run’s judge', () => {
    const judged = { ...faithful, judgeDecoding: { protocol: 'mt-bench', strategy: 'greedy' } };
    expect(scoreNotes(judged, evidence, AVERAGE)[2]).toBe(
      'Prompt and decoding: those of MT-Bench’s authors (greedy).',
    );
    const deviating = { ...judged, judgeDeviations: 'one text' };
    expect(scoreNotes(deviating, evidence, AVERAGE)[2]).toBe(
      'Prompt: MT-Bench’s. Decoding: greedy. Deviations from MT-Bench: one text.',
    );
  });

  it('shows the measured agreement with right answers and with people, and nothing where neither was measured', () => {
    expect(scoreNotes(faithful, evidence, { policy: 'average' })).toHaveLength(3);
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
    expect(scoreNotes(faithful, { ...evidence, agreement, people }, { policy: 'average' })[3]).toBe(
      'Measured: of verdicts where just one answer is right, the judge prefers that one in 92.5 % of 40 (soft against sft); it agrees with 66.67 % of 9 labels (people.json).',
    );
  });
});
