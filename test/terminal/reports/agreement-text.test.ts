import { describe, expect, it } from 'vitest';
import type { AgreementRule, SlotVerdict } from '../../../src/core/domain.ts';
import type { HumanLabel } from '../../../src/data/human-labels.ts';
import type { JudgedPair } from '../../../src/data/recorded/recorded-verdicts.ts';
import { agreementReport } from '../../../src/metrics/agreement-report.ts';
import { agreementJson, agreementText } from '../../../src/terminal/reports/agreement-text.ts';

function judged(votes: string, verdict: SlotVerdict, promptId: string, models = 'opt_llama'): JudgedPair {
  const annotations = [...votes].map((vote): HumanLabel => (vote === 't' ? 'tie' : (vote as HumanLabel)));
  const texts = { instruction: '', input: '', response1: '', response2: '' };
  return { index: 0, promptId, ...texts, label: annotations[0]!, annotations, verdict, models };
}

const PAIRS = [
  judged('111', '1', 'p'),
  judged('222', '1', 'q'),
  judged('221', '2', 'r'),
  judged('ttt', 'malformed', 's', 'a model\u001b[31m with a name longer than a line_another model with one'),
];

function report(malformedRule: AgreementRule, pairs: readonly JudgedPair[] = PAIRS) {
  const notes = ['decoding: strategy greedy', 'deviation from PandaLM: greedy decoding instead of 4 beams'];
  return agreementReport(pairs, { labels: 'l.json', judge: 'nano judge', notes, malformedRule, seed: 4 });
}

describe('agreementText', () => {
  const text = agreementText(report('tie'));

  it('prints percentages with two decimals, their intervals, and κ', () => {
    expect(text).toMatch(/^4 pairs counted +% +95 % interval$/m);
    expect(text).toMatch(/^Accuracy +75\.00 +\d+\.\d\d to 100\.00$/m);
    expect(text).toMatch(/^Precision +83\.33 /m);
    expect(text).toMatch(/^Recall +83\.33 /m);
    expect(text).toMatch(/^F1 +77\.78 /m);
    expect(text).toMatch(/^Cohen's κ \(no %\) +0\.6364 /m);
  });

  it('prints the protocol beside the numbers', () => {
    expect(text).toContain('Labels     l.json: 4 pairs on 4 prompts');
    expect(text).toMatch(/Label +majority of 3 annotators; where all differ \(0 pairs\), the first one's/);
    expect(text).toContain('Unanimous  75.00 % of pairs (3 of 4): all annotators agree');
    expect(text).toMatch(/Judge +nano judge; decoding: strategy greedy; deviation from PandaLM: greedy\n/);
    expect(text).toContain('Order      one, as labelled: response 1 in slot 1');
    expect(text).toContain('10000 resamples of the prompts, seed 4');
  });

  it.each<[AgreementRule, RegExp]>([
    ['tie', /1 of 4 verdicts; --malformed tie counts them as ties, as upstream's/],
    ['wrong', /1 of 4 verdicts; --malformed wrong counts them as verdicts that no\s+label equals/],
    ['dropped', /1 of 4 verdicts; --malformed dropped leaves their pairs out/],
  ])('says what --malformed %s makes of the malformed verdicts', (rule, said) => {
    expect(agreementText(report(rule))).toMatch(said);
  });

  it('has labels in the rows and the judge in the columns of the confusion matrix', () => {
    expect(text).toMatch(/^label: 2 +0 +1 +1$/m);
    expect(text).not.toContain('judge: malformed');
    expect(agreementText(report('wrong'))).toMatch(/^label: tie +0 +0 +0 +1$/m);
  });

  it('has a line for each pair of models: pairs, accuracy, labels 1/2/tie, judge 1/2/tie', () => {
    expect(text).toMatch(/^opt_llama +3 +66\.67 +1\/2\/0 +2\/1\/0$/m);
    expect(agreementText(report('dropped'))).toMatch(/^a model.*… +1 +– +0\/0\/0 +0\/0\/0$/m);
  });

  it('has no such table where labels do not name models', () => {
    const pairs = PAIRS.map(({ models, ...pair }) => pair);
    expect(agreementText(report('tie', pairs))).not.toContain('pair of models');
  });

  it('fits into 80 columns and lets no escape code of a file through', () => {
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).not.toContain('\u001b');
  });
});

describe('agreementJson', () => {
  it('has the same numbers as shares, the protocol in words, and null for what there is not', () => {
    const json = JSON.parse(agreementJson(report('tie')));
    expect(json).toMatchObject({ labels: 'l.json', accuracy: 0.75, seed: 4, malformedRule: 'tie' });
    expect(json.protocol.Order).toBe('one, as labelled: response 1 in slot 1');
    const alike = JSON.parse(agreementJson(report('tie', [judged('1', '1', 'p')])));
    expect(alike).toMatchObject({ kappa: null, unanimous: { share: null }, intervals: { kappa: null } });
  });
});
