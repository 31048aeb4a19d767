import { describe, expect, it } from 'vitest';
import type { Store } from '../../../src/store/database.ts';
import { saveHumanAgreement } from '../../../src/store/tables/human-agreement-table.ts';
import { saveJudge } from '../../../src/store/tables/judge-table.ts';
import { saveJudgements } from '../../../src/store/tables/judgement-table.ts';
import { saveResponses } from '../../../src/store/tables/response-table.ts';
import { openRun } from '../../../src/store/tables/run-table.ts';
import { type CellScore, saveChecks, saveScores } from '../../../src/store/tables/score-table.ts';
import { summaryText } from '../../../src/terminal/reports/run-summary.ts';
import { emptyStore, sampleStore } from '../../store/sample.ts';
import { JUDGE, modelRecord, responsesOf, saveVerdicts, setup, verdict } from '../../store/sample-run.ts';
import { saveTimed } from '../../support/timed-speed.ts';

const score = (exitA: number, exitB: number, value: number, change: Partial<CellScore> = {}): CellScore => ({
  comparison: 'soft-vs-sft',
  policy: 'average',
  malformedRule: 'dropped',
  exitA,
  exitB,
  wins: 1,
  losses: 1,
  ties: 1,
  malformed: 0,
  total: 3,
  score: value,
  ciLow: null,
  ciHigh: null,
  pValue: null,
  pHolm: null,
  ...change,
});

const CHECKS = [
  { name: 'identical answers score 0', passed: true, detail: '0 of 4 do not' },
  { name: 'malformed verdicts', passed: false, detail: '3 of 6' },
];

describe('the summary of a run', () => {
  it('is the judge, quality, scores under the run’s policy, agreement and checks', () => {
    const store = sampleStore();
    const other = score(3, 4, -1, { policy: 'both-agree' });
    saveScores(store, 'nano', 'average', [score(3, 3, 0.5), score(3, 4, -0.25), score(4, 4, 1 / 3), other]);
    saveChecks(store, 'nano', CHECKS);
    expect(summaryText(store, 'nano')).toBe(`\
Run nano: 3 instructions
Judge: nano-judge; its model was not stored
  decoding: at most 32 new tokens
  deviation: greedy decoding
  deviation: no penalty

Whether soft at exit 4 is as good as the full sft model is not decided. +0.33
[−0.46, 0.86]: Score (−1: loses all, 0: even, 1: wins all), 95 % interval,
n\u00a0=\u00a03; fewer than 30 decide nothing. Not worse: its lower end lies above the
margin, −0.10; worse: all of it lies below.

Exact match, %, n 2       4
soft                  100.0
sft                    50.0

Degenerate, %, n 3        4
soft                    0.0
sft                     0.0

Score of soft (rows) against sft (columns), policy average, n 3
against sft@              3      4
soft@3                 0.50  -0.25
soft@4                    –   0.33

The judge on soft-vs-sft  wins  losses  ties  malformed
  soft in slot 1             2       0     1          0
  sft in slot 1              1       1     1          0
  verdict kept on swapping  66.7 % of 3 pairs
  flip rate                 33.3 % of 3 pairs with two readable verdicts
  highest flip rate         33.3 % of 3 pairs, soft@4 against sft@4
  first-slot share          75.0 % of 4 verdicts that name a slot
  longer answer preferred   75.0 % of 4 verdicts for one of unequal characters
  right answer preferred    100.0 % of 2 verdicts where just one is right
  degenerate answer won     0.0 % of 4 verdicts that prefer an answer

Checks
  passed  identical answers score 0: 0 of 4 do not
  FAILED  malformed verdicts: 3 of 6
`);
  });

  it('names the cell whose verdicts depend most on the order', () => {
    const store = sampleStore();
    saveVerdicts(store, 'nano', [
      verdict('i-add', 'ab', '1', { exitA: 3, exitB: 4 }),
      verdict('i-add', 'ba', '1', { exitA: 3, exitB: 4 }),
    ]);
    expect(summaryText(store, 'nano')).toContain(
      'highest flip rate         100.0 % of 1 pairs, soft@3 against sft@4',
    );
  });

  it('counts malformed verdicts in their order, and leaves out shares of nothing', () => {
    const store = emptyStore();
    openRun(store, setup());
    saveJudge(store, 'nano', JUDGE);
    saveVerdicts(store, 'nano', [verdict('i-free', 'ab', 'malformed'), verdict('i-free', 'ba', 'malformed')]);
    expect(summaryText(store, 'nano')).toMatch(`\
The judge on soft-vs-sft  wins  losses  ties  malformed
  soft in slot 1             0       0     0          1
  sft in slot 1              0       0     0          1
  verdict kept on swapping  0.0 % of 1 pairs
`);
    expect(summaryText(store, 'nano')).not.toContain('flip rate');
  });

  it('counts the responses that look degenerate, and empty ones where there are any', () => {
    const store = emptyStore();
    openRun(store, setup());
    const loop = 'la '.repeat(10);
    saveResponses(store, 'nano', responsesOf('soft', 3, { 'i-add': loop, 'i-cap': '', 'i-free': 'Paris' }));
    saveResponses(store, 'nano', responsesOf('sft', 4, { 'i-add': loop, 'i-cap': loop, 'i-free': loop }));
    expect(summaryText(store, 'nano')).toContain(`
Degenerate, %, n 3        3      4
soft                   33.3      –
sft                       –  100.0

Empty, %, n 3             3      4
soft                   33.3      –
sft                       –    0.0
`);
  });

  it('fits into 80 columns whatever names and deviations are like', () => {
    const store = emptyStore();
    const [modelA, modelB] = ['sorted-llama-2-13b-chat-second-try', 'supervised-llama-2-13b-chat'];
    const models = [modelRecord(modelA), modelRecord(modelB)];
    const comparison = { name: `${modelA} against ${modelB}`, modelA, modelB, exitsA: [4], exitsB: [4] };
    openRun(store, setup({ models, comparisons: [comparison] }));
    saveJudge(store, 'nano', { ...JUDGE, deviations: ['a deviation that is told in many words '.repeat(4)] });
    const { judgement, pair } = verdict('i-free', 'ab', '1');
    saveJudgements(store, 'nano', {
      judgements: [judgement],
      pairs: [{ ...pair, comparison: comparison.name }],
    });
    const lines = summaryText(store, 'nano').split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {2}sorted-llama-2-13b-chat-second-… in slot 1 +1 +0 +0 +0$/),
    );
  });

  it('names the judge’s agreement with people', () => {
    const store = sampleStore();
    saveHumanAgreement(store, {
      ...{ judgeKey: JUDGE.judgeKey, decoding: JUDGE.decoding, labels: 'testset-v1.json', labelsSha256: 'x' },
      ...{ malformedRule: 'tie', pairs: 999, macroF1: 0.5743, kappa: 0.4354 },
      ...{ accuracy: 0.6677, accuracyLow: 0.62, accuracyHigh: 0.71 },
    });
    expect(summaryText(store, 'nano')).toContain(
      '\n  agrees with testset-v1.json on 66.77 % of 999 pairs, κ 0.44; malformed: tie\n',
    );
  });

  it('shows the scores of another policy once the run goes by it', () => {
    const store = sampleStore();
    saveScores(store, 'nano', 'both-agree', [score(3, 4, 0.5), score(3, 4, -1, { policy: 'both-agree' })]);
    expect(summaryText(store, 'nano')).toContain(
      'policy both-agree, n 3\nagainst sft@              4\nsoft@3                -1.00\n',
    );
  });

  it('is one line before anything was computed', () => {
    const store = emptyStore();
    openRun(store, setup());
    expect(summaryText(store, 'nano')).toBe('Run nano: 3 instructions\n');
  });

  it('has a table of speeds for every batch size', () => {
    const store = emptyStore();
    openRun(store, setup());
    const speed = (batchSize: number, tokens: number) => ({
      model: 'sft',
      exit: 3,
      batchSize,
      tokens,
      durationsMs: [500],
    });
    saveTimed(store, 'nano', [speed(1, 100), speed(16, 1600)]);
    const text = summaryText(store, 'nano');
    expect(text).toContain('Tokens/s, batch 1, n 1      3\nsft                       200\n');
    expect(text).toMatch(/Tokens\/s, batch 16, n 1 +3\nsft +3200\n/);
  });

  it('has the intervals of speeds below them where they are known', () => {
    const store = emptyStore();
    openRun(store, setup());
    const durationsMs = [50, 100, 100, 100, 125, 200];
    saveTimed(store, 'nano', [{ model: 'sft', exit: 3, batchSize: 1, tokens: 10, durationsMs }]);
    expect(summaryText(store, 'nano')).toMatch(
      /Tokens\/s, batch 1, n 6 +3\nsft +100\n {2}95 % from +50\n {2}to +200\n/,
    );
  });
});

describe('a wide summary', () => {
  const MODEL = 'sorted-llama-2-13b-chat';
  const EXITS = Array.from({ length: 12 }, (_, index) => 7 + 3 * index);

  /** Tables of a run whose model has a long name and twelve exits, each exit with its number as speed. */
  function lines(): string[] {
    const store: Store = emptyStore();
    const subModels = EXITS.map((exit) => ({ exit, subModelKey: `${exit}` }));
    openRun(store, setup({ models: [{ ...modelRecord(MODEL), layers: 40, subModels }], comparisons: [] }));
    const speeds = EXITS.map((exit) => ({
      model: MODEL,
      exit,
      batchSize: 1,
      tokens: exit,
      durationsMs: [1000],
    }));
    saveTimed(store, 'nano', speeds);
    return summaryText(store, 'nano').trimEnd().split('\n').slice(2);
  }

  it('breaks its tables at 80 columns', () => {
    for (const line of lines()) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines()).toHaveLength(4);
  });

  it('keeps numbers below their exits and beside long names', () => {
    const [exits, speeds, moreExits, moreSpeeds] = lines().map((line) => line.slice(MODEL.length));
    expect(lines()[1]).toMatch(new RegExp(`^${MODEL} `));
    expect(speeds).toBe(exits);
    expect(moreSpeeds).toBe(moreExits);
    expect(`${exits}${moreExits}`.trim().split(/ +/).map(Number)).toEqual(EXITS);
  });
});
