import { describe, expect, it } from 'vitest';
import type { SlotVerdict } from '../../src/core/domain.ts';
import type { HumanLabel } from '../../src/data/human-labels.ts';
import type { JudgedPair } from '../../src/data/recorded/recorded-verdicts.ts';
import { agreementByModels, agreementReport } from '../../src/metrics/agreement-report.ts';

function judged(
  annotations: readonly HumanLabel[],
  verdict: SlotVerdict,
  promptId = 'p',
  models?: string,
): JudgedPair {
  return {
    index: 0,
    promptId,
    instruction: '',
    input: '',
    response1: '',
    response2: '',
    label: annotations[0]!,
    annotations,
    verdict,
    ...(models === undefined ? {} : { models }),
  };
}

const SOURCE = { judge: 'j', notes: [], labels: 'l.json', seed: 3 };

describe('agreementReport', () => {
  it('counts pairs, prompts, annotators, unanimous pairs and pairs without a majority', () => {
    const pairs = [
      judged(['1', '1', '1'], '1', 'p'),
      judged(['1', '2', 'tie'], '2', 'p'),
      judged(['2', '2', '1'], 'malformed', 'q'),
    ];
    expect(agreementReport(pairs, { ...SOURCE, malformedRule: 'wrong' })).toMatchObject({
      pairs: 3,
      prompts: 2,
      annotators: 3,
      withoutMajority: 1,
      unanimous: { count: 1, total: 3 },
      malformed: 1,
      counted: 3,
      accuracy: 1 / 3,
      seed: 3,
    });
  });

  it('does not call a single annotator a missing majority', () => {
    const report = agreementReport([judged(['1'], '1')], { ...SOURCE, malformedRule: 'tie' });
    expect(report).toMatchObject({ annotators: 1, withoutMajority: 0, unanimous: { share: undefined } });
  });

  it('draws prompts and not pairs: one prompt alone gives an interval without width', () => {
    const pairs = [judged(['1'], '1'), judged(['1'], '2'), judged(['2'], '2')];
    const { intervals, accuracy } = agreementReport(pairs, { ...SOURCE, malformedRule: 'tie' });
    expect(intervals.accuracy).toMatchObject({ low: accuracy, high: accuracy, seed: 3 });
  });
});

describe('agreementByModels', () => {
  const pairs = [
    judged(['1'], '1', 'p', 'b_c'),
    judged(['1'], '2', 'p', 'a_b'),
    judged(['2'], '2', 'p', 'a_b'),
    judged(['2'], 'malformed', 'p', 'a_c'),
    judged(['2'], '2', 'p'),
  ];

  it('groups pairs by their models, by name, and leaves pairs without models out', () => {
    expect(agreementByModels(pairs, 'tie')).toMatchObject([
      { models: 'a_b', pairs: 2, accuracy: 0.5 },
      { models: 'a_c', pairs: 1, accuracy: 0 },
      { models: 'b_c', pairs: 1, accuracy: 1 },
    ]);
  });

  it('has no accuracy where nothing is left to count', () => {
    expect(agreementByModels(pairs, 'dropped')[1]).toMatchObject({ models: 'a_c', accuracy: undefined });
  });
});
