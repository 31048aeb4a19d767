import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { LabelledPair } from '../../src/data/human-labels.ts';
import { joinVerdicts, readRecordedVerdicts } from '../../src/data/recorded/recorded-verdicts.ts';

const folder = mkdtempSync(join(tmpdir(), 'sorted-eval-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(records: readonly unknown[]) {
  const path = join(folder, 'verdicts.json');
  writeFileSync(path, JSON.stringify(records));
  return readRecordedVerdicts(path);
}

function labelled(index: number): LabelledPair {
  const texts = { instruction: 'a', input: '', response1: 'b', response2: 'c' };
  return { index, promptId: 'p', ...texts, label: '1', annotations: ['1'] };
}

describe('readRecordedVerdicts refuses', () => {
  it.each([
    ['a record without a result', [{ idx: 0 }], /expected pandalm_result or gpt_result, one of the two/],
    ['a record with both results', [{ idx: 0, pandalm_result: 1, gpt_result: '1' }], /one of the two/],
    ['a record without idx', [{ pandalm_result: 1 }], /\[0\]\.idx: expected a whole number, found nothing/],
    ['a result outside the format', [{ idx: 0, pandalm_result: 3 }], /expected 0, 1, 2 or a text, found 3/],
    [
      'an idx that comes twice',
      [
        { idx: 4, gpt_result: '1' },
        { idx: 4, gpt_result: '2' },
      ],
      /found idx 4/,
    ],
  ])('%s', (_, records, message) => {
    expect(() => read(records)).toThrow(expect.objectContaining({ code: 'bad-schema' }));
    expect(() => read(records)).toThrow(message);
  });
});

describe('readRecordedVerdicts reads', () => {
  it.each([
    ['pandalm_result', 0, 'tie'],
    ['pandalm_result', 1, '1'],
    ['pandalm_result', 2, '2'],
    ['gpt_result', '1', '1'],
    ['gpt_result', '2', '2'],
    ['gpt_result', 'Tie', 'tie'],
    ['gpt_result', ' tie\n', 'tie'],
    ['gpt_result', 'garbage', 'malformed'],
    ['gpt_result', '', 'malformed'],
    ['gpt_result', '0', 'malformed'],
    ['gpt_result', 'Response 1', 'malformed'],
  ])('%s %j as %s', (key, value, slotVerdict) => {
    expect(read([{ idx: 7, [key]: value }])).toEqual([{ index: 7, slotVerdict, text: String(value) }]);
  });

  it('the reason', () => {
    expect(read([{ idx: 7, pandalm_result: 1, pandalm_reason: 'Shorter.', pandalm_reference: 'x' }])).toEqual(
      [{ index: 7, slotVerdict: '1', text: '1', reason: 'Shorter.' }],
    );
  });
});

describe('joinVerdicts', () => {
  const verdict = (index: number) => ({ index, slotVerdict: '2' as const, text: '2' });

  it('refuses pairs without a verdict, and says which', () => {
    const pairs = [0, 1, 2, 3, 4, 5, 6, 7].map(labelled);
    expect(() => joinVerdicts(pairs, [verdict(0)], 'v.json')).toThrow(
      /v\.json: expected one verdict for each labelled pair, found none for idx 1, 2, 3, 4, 5 and 2 more\./,
    );
  });

  it('refuses verdicts on pairs that are not there', () => {
    expect(() => joinVerdicts([labelled(0)], [verdict(0), verdict(9)], 'v.json')).toThrow(
      /unlabelled idx 9\./,
    );
  });

  it('matches by idx, not by place', () => {
    const joined = joinVerdicts(
      [labelled(0), labelled(1)],
      [{ index: 1, slotVerdict: 'tie', text: '0' }, verdict(0)],
      'v.json',
    );
    expect(joined.map(({ index, verdict: slot }) => [index, slot])).toEqual([
      [0, '2'],
      [1, 'tie'],
    ]);
  });
});
