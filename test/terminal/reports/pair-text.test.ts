import { describe, expect, it } from 'vitest';
import type { Pair } from '../../../src/store/read/pair-record.ts';
import { pairRows, pairText } from '../../../src/terminal/reports/pair-text.ts';
import { displayWidth, readableLines } from '../../../src/terminal/text-width.ts';

const RESPONSE = {
  state: 'answered' as const,
  rawText: null,
  text: 'Friday',
  isCorrect: true,
  stopReason: 'eos',
  generatedTokens: 7,
  looks: 'ordinary',
  meanLogProbability: -0.012,
};

const PAIR: Pair = {
  run: 'nano',
  instruction: {
    id: 'abcd',
    instruction: 'If today is Thursday, what is tomorrow?',
    input: '',
    answer: 'Friday',
  },
  position: 7,
  a: { model: 'soft', exit: 6, response: RESPONSE },
  b: {
    model: 'sft',
    exit: 10,
    response: { ...RESPONSE, text: ' \n', isCorrect: null, looks: 'empty', meanLogProbability: null },
  },
  verdicts: [
    {
      comparison: 'soft against sft',
      order: 'ab',
      slot1: 'soft@6',
      slot2: 'sft@10',
      slotVerdict: '1',
      preferred: 'soft@6',
      rawText: '1\n\n### Reason: right\n',
    },
    {
      comparison: 'soft against sft',
      order: 'ba',
      slot1: 'sft@10',
      slot2: 'soft@6',
      slotVerdict: 'malformed',
      preferred: null,
      rawText: '',
    },
  ],
};

describe('pairText', () => {
  it('shows the instruction, both responses and both verdicts', () => {
    expect(pairText(PAIR, 80)).toBe(`\
Instruction abcd, position 7, run nano

Instruction
  If today is Thursday, what is tomorrow?

Right answer
  Friday

Answer a: soft@6 (right, looks ordinary, -0.01 nats a token, 7 tokens, ended by
eos)
  Friday

Answer b: sft@10 (looks empty, 7 tokens, ended by eos)
  (nothing)

Verdict in soft against sft, soft@6 in slot 1 and sft@10 in slot 2: prefers
soft@6
  1

  ### Reason: right

Verdict in soft against sft, sft@10 in slot 1 and soft@6 in slot 2: malformed
  (nothing)
`);
  });

  it('names what is missing', () => {
    const text = pairText({ ...PAIR, a: { model: 'soft', exit: 6 }, verdicts: [] }, 80);
    expect(text).toContain('Answer a: soft@6\n  not answered yet\n');
    expect(text).toContain('No verdict: ');
  });

  it('keeps hostile responses harmless and inside of 80 columns', () => {
    const hostile = `\u001b[2Jred\u202e ${'x'.repeat(300)} ${'漢字'.repeat(60)} \u0007<script>\r\nnext\u2028line\ttab`;
    const text = pairText({ ...PAIR, a: { ...PAIR.a, response: { ...RESPONSE, text: hostile } } }, 80);
    for (const line of text.split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(80);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
    }
    expect(text).toContain('\\u{1b}[2Jred\\u{202e}');
    expect(text.replace(/\n */g, '')).toContain('x'.repeat(300));
    expect(text).toContain('\n  next\\u{2028}line\\ttab\n');
  });

  it('reads a megabyte', () => {
    const text = pairText(
      { ...PAIR, a: { ...PAIR.a, response: { ...RESPONSE, text: 'ab '.repeat(350_000) } } },
      80,
    );
    expect(text.length).toBeGreaterThan(1_000_000);
  });
});

describe('pairRows', () => {
  it('has a row for each text, as it was stored', () => {
    const { columns, rows } = pairRows(PAIR);
    expect(columns).toEqual(['run', 'instruction_id', 'part', 'kind', 'text']);
    expect(rows.map((row) => row.slice(2))).toEqual([
      ['instruction', null, 'If today is Thursday, what is tomorrow?'],
      ['input', null, ''],
      ['right answer', null, 'Friday'],
      ['soft@6', 'ordinary', 'Friday'],
      ['sft@10', 'empty', ' \n'],
      ['soft against sft: soft@6 in slot 1, sft@10 in slot 2', 'prefers soft@6', '1\n\n### Reason: right\n'],
      ['soft against sft: sft@10 in slot 1, soft@6 in slot 2', 'malformed', ''],
    ]);
  });
});

describe('the prompts of a pair', () => {
  const withPrompts = (a: string | undefined, b: string | undefined): Pair => ({
    ...PAIR,
    a: { ...PAIR.a, ...(a && { prompt: a }) },
    b: { ...PAIR.b, ...(b && { prompt: b }) },
  });

  it('stand once where both models read the same', () => {
    const text = pairText(withPrompts('Q: what?\nA:', 'Q: what?\nA:'), 80);
    expect(text).toContain('Prompt as soft@6 and sft@10 read it\n  Q: what?\n  A:');
  });

  it('stand apart where they differ, and are left out where there is none', () => {
    const text = pairText(withPrompts('USER: what?', 'Q: what?'), 80);
    expect(text).toContain('Prompt as soft@6 read it\n  USER: what?');
    expect(text).toContain('Prompt as sft@10 read it\n  Q: what?');
    expect(pairText(withPrompts(undefined, 'Q: what?'), 80)).not.toContain('Prompt as soft@6');
    const rows = pairRows(withPrompts(undefined, 'Q: what?')).rows.map((row) => row.slice(2));
    expect(rows).toContainEqual(['prompt of sft@10', null, 'Q: what?']);
  });
});

describe('readableLines', () => {
  it.each<[string, string, number, string[]]>([
    ['breaks at spaces', 'one two three', 8, ['one two', 'three']],
    ['keeps line breaks and empty lines', 'a\n\nb\r\nc', 10, ['a', '', 'b', 'c']],
    ['keeps indentation', '  two  three', 20, ['  two  three']],
    ['breaks longer words', 'abcdefghij kl', 4, ['abcd', 'efgh', 'ij', 'kl']],
    ['does not split wide characters', '漢字漢字', 5, ['漢字', '漢字']],
    ['fits exactly', 'abcd efgh', 9, ['abcd efgh']],
    ['has a line for nothing', '', 5, ['']],
  ])('%s', (_, text, width, expected) => {
    expect(readableLines(text, width)).toEqual(expected);
  });
});
