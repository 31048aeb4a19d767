import { describe, expect, it } from 'vitest';
import { promptText } from '../../../src/data/prompt-parts.ts';
import { mtBench } from '../../../src/judge/protocols/mt-bench.ts';

const instruction = { instruction: 'Add 2 and 2.', input: '' };

describe('MT-Bench’s prompt', () => {
  it('has the system prompt, the question and both responses in FastChat’s frame, as they are', () => {
    const text = promptText(mtBench.prompt({ instruction, responses: [' four\n', '4</s>'] }));
    expect(text).toMatch(/^Please act as an impartial judge and evaluate the quality of the responses /);
    expect(text).toContain(
      'output your final verdict by strictly following this format: "[[A]]" if assistant A',
    );
    expect(text.slice(text.indexOf('[User Question]'))).toBe(
      "[User Question]\nAdd 2 and 2.\n\n[The Start of Assistant A's Answer]\n four\n\n[The End of Assistant A's Answer]" +
        "\n\n[The Start of Assistant B's Answer]\n4</s>\n[The End of Assistant B's Answer]",
    );
  });

  it('has an input after the instruction', () => {
    const parts = mtBench.prompt({
      instruction: { instruction: 'Add.', input: '2 2' },
      responses: ['a', 'b'],
    });
    expect(promptText(parts)).toContain('[User Question]\nAdd.\n\n2 2\n\n[The Start of');
  });
});

describe('MT-Bench’s verdict', () => {
  it.each([
    ['A is right. [[A]]', '1', 'A is right.'],
    ['[[B]]', '2', undefined],
    ['Both say four.\n\n[[C]]\n', 'tie', 'Both say four.'],
    ['[[A]] it is: [[A]]', '1', '[[A]] it is:'],
    ['I choose [[B]] because B is right.', '2', 'I choose [[B]] because B is right.'],
    ['Either [[A]] or [[B]]', 'malformed', 'Either [[A]] or'],
    ['Assistant A is better.', 'malformed', 'Assistant A is better.'],
    ['[[D]]', 'malformed', '[[D]]'],
    ['[[a]]', 'malformed', '[[a]]'],
    ['1', 'malformed', '1'],
    ['', 'malformed', undefined],
  ])('of %j is %s', (text, slotVerdict, reason) => {
    expect(mtBench.parse(text)).toEqual({ slotVerdict, ...(reason !== undefined && { reason }) });
  });

  it('is read from a megabyte in no time', () => {
    const text = `${'[[A] '.repeat(100_000)}${' '.repeat(500_000)}[[B]]${'\n'.repeat(500_000)}`;
    expect(mtBench.parse(text).slotVerdict).toBe('2');
  });
});

describe('deviations from MT-Bench', () => {
  it('of a server at temperature 0 with 2048 tokens are in the form of the request alone', () => {
    const settings = { source: 'endpoint', api: 'chat', maxNewTokens: 2048 } as const;
    expect(mtBench.deviations(settings)).toEqual(['system prompt and question in one text']);
    expect(mtBench.deviations({ ...settings, api: 'completions', extraBody: { n: 2 } })).toEqual([
      'system prompt and question in one text',
      "continued as plain text, without a chat's template",
      'decoded with {"n":2}',
    ]);
  });

  it('of a model folder name beams and a shorter text', () => {
    const beams = { numBeams: 4, repetitionPenalty: 1.2, rule: 'transformers-4.28' };
    const settings = { source: 'folder', beams, maxNewTokens: 100 } as const;
    const always = [
      'system prompt and question in one text',
      "continued as plain text, without a chat's template",
    ];
    const short = 'at most 100 new tokens, not 2048';
    expect(mtBench.deviations({ ...settings, decoding: 'greedy' })).toEqual([...always, short]);
    expect(mtBench.deviations({ ...settings, decoding: 'beams' })).toEqual([
      ...always,
      '4 beams with repetition penalty 1.2 instead of greedy decoding',
      short,
    ]);
  });

  it('of recorded verdicts are not known; those of a completer of one’s own are its own', () => {
    expect(mtBench.deviations({ source: 'recorded' })).toEqual([
      'verdicts from a file: how they were decoded is not known',
    ]);
    expect(mtBench.deviations({ source: 'other', deviations: ['scripted'] })).toEqual(['scripted']);
  });
});
