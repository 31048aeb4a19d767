import { describe, expect, it } from 'vitest';
import { parseJudgeText, parseVerdict } from '../../../src/judge/protocols/pandalm-parser.ts';

describe('parseVerdict', () => {
  it.each([
    // What the judge is trained to write.
    ['1\n\n### Reason: Shorter.\n\n### Reference: Yes.\n', '1'],
    ['2\n\n### Reason: Right.\n\n### Reference: Yes.\n', '2'],
    ['Tie\n\n### Reason: Same.\n\n### Reference: Yes.\n', 'tie'],
    // Cut after the first line, or decoded with what surrounds it.
    ['1', '1'],
    ['\n1', '1'],
    ['1 ', '1'],
    [' 2\n\n### Reason', '2'],
    ['1\r\n\r\n### Reason: a', '1'],
    ['2</s>', '2'],
    ['<s> 2\n\n### Reason: a</s>', '2'],
    ['tie', 'tie'],
    ['TIE', 'tie'],
    ['tIe \n', 'tie'],
    // Not the format: never a guess, never silently a tie.
    ['', 'malformed'],
    [' \n\n', 'malformed'],
    ['</s>', 'malformed'],
    ['0', 'malformed'],
    ['3', 'malformed'],
    ['-1', 'malformed'],
    ['1.', 'malformed'],
    ['1.0', 'malformed'],
    ['1 2', 'malformed'],
    ['12', 'malformed'],
    ['1 or 2', 'malformed'],
    ['1\u2028### Reason: a', 'malformed'],
    ['"1"', 'malformed'],
    ['(2)', 'malformed'],
    ['[1]', 'malformed'],
    ['１', 'malformed'],
    ['①', 'malformed'],
    ['\ufeff1', 'malformed'],
    ['one', 'malformed'],
    ['Tie.', 'malformed'],
    ['Tied', 'malformed'],
    ['tıe', 'malformed'],
    ['T\nie', 'malformed'],
    ['Both', 'malformed'],
    ['garbage', 'malformed'],
    ['Response 1', 'malformed'],
    ['Response 1 is better because it is shorter.\n1', 'malformed'],
    ['### Evaluation:\n1', 'malformed'],
    ['### Response 2:\n2\n\n### Evaluation:\n2', 'malformed'],
    ['### Reason: Shorter.\n\n1', 'malformed'],
    ['constructor', 'malformed'],
  ] as const)('reads %j as %s', (text, verdict) => {
    expect(parseVerdict(text)).toBe(verdict);
  });

  it('reads a megabyte', () => {
    expect(parseVerdict(`${' '.repeat(1_000_000)}1\n${'### Reason: '.repeat(100_000)}`)).toBe('1');
  });
});

describe('parseJudgeText', () => {
  it('finds verdict, reason and reference', () => {
    expect(
      parseJudgeText('Tie\n\n### Reason: Both are\nright: yes.\n\n### Reference: Paris\n\nFrance\n'),
    ).toEqual({
      slotVerdict: 'tie',
      reason: 'Both are\nright: yes.',
      reference: 'Paris\n\nFrance',
    });
  });

  it.each([
    ['cut in the verdict', '1', { slotVerdict: '1' }],
    ['cut in a heading', '1\n\n### Rea', { slotVerdict: '1' }],
    ['cut before the reason', '1\n\n### Reason:', { slotVerdict: '1' }],
    ['cut in the reason', '1\n\n### Reason: It', { slotVerdict: '1', reason: 'It' }],
    ['without a reason', '2\n\n### Reference: Yes', { slotVerdict: '2', reference: 'Yes' }],
    ['malformed, with a reason', 'Response 2\n\n### Reason: It', { slotVerdict: 'malformed', reason: 'It' }],
    ['with a heading inside a line', '1\n\nno ### Reason: It', { slotVerdict: '1' }],
    [
      'with a reference before the reason',
      '1\n\n### Reference: A\n\n### Reason: B\n\n### Reference: C',
      { slotVerdict: '1', reason: 'B', reference: 'C' },
    ],
  ])('leaves out what is not there: %s', (_, text, parts) => {
    expect(parseJudgeText(text)).toEqual(parts);
  });
});
