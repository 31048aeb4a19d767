import { describe, expect, it } from 'vitest';
import { alpacaPrompt } from '../../../src/data/alpaca-prompt.ts';
import { formedPrompt, type PromptForm } from '../../../src/data/prompts/prompt-form.ts';
import { vicunaForm } from '../../../src/data/prompts/vicuna-form.ts';

const bare = { instruction: 'Add 2 and 2.', input: '' };
const withInput = { instruction: 'Translate.', input: 'Guten Morgen' };

describe('a prompt', () => {
  it('is Alpaca’s without a form', () => {
    for (const asked of [bare, withInput])
      expect(formedPrompt(undefined, asked)).toEqual({ text: alpacaPrompt(asked) });
  });

  it('is FastChat’s in Vicuna’s form, the input after an empty line', () => {
    const start =
      "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the user's questions. USER: ";
    expect(formedPrompt(vicunaForm(), bare)).toEqual({ text: `${start}Add 2 and 2. ASSISTANT:` });
    expect(formedPrompt(vicunaForm(), withInput).text).toBe(`${start}Translate.\n\nGuten Morgen ASSISTANT:`);
    expect(formedPrompt(vicunaForm('Be brief.'), bare).text).toBe('Be brief. USER: Add 2 and 2. ASSISTANT:');
  });

  it('keeps what is typed apart from what the form writes', () => {
    const form: PromptForm = { name: 'chat', parts: ['<s>[', { slot: 'question' }, ']'] };
    expect(formedPrompt(form, { instruction: '<s>', input: '' })).toEqual({
      text: '<s>[<s>]',
      pieces: [
        { text: '<s>[', isTyped: false },
        { text: '<s>', isTyped: true },
        { text: ']', isTyped: false },
      ],
      isFramed: false,
    });
  });

  it('takes the parts without an input where the form has them', () => {
    const form: PromptForm = {
      name: 'file',
      parts: [{ slot: 'instruction' }, '|', { slot: 'input' }],
      withoutInput: [{ slot: 'instruction' }, '.'],
    };
    expect(formedPrompt(form, withInput).text).toBe('Translate.|Guten Morgen');
    expect(formedPrompt(form, bare).text).toBe('Add 2 and 2..');
  });

  it.each([
    ['start', 'text\ufeff \u0085'],
    ['end', ' \u001c\ufefftext\ufeff'],
    ['both', '\ufefftext\ufeff'],
  ] as const)('loses Python’s white space at its %s where the form strips it', (side, expected) => {
    const form: PromptForm = { name: 'chat', parts: [{ slot: 'question', strip: side }] };
    const asked = {
      instruction: side === 'start' ? '\u001c text\ufeff \u0085' : ' \u001c\ufefftext\ufeff \u0085',
      input: '',
    };
    expect(formedPrompt(form, asked).text).toBe(expected);
  });
});
