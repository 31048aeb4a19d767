import { describe, expect, it } from 'vitest';
import { answerOf, type CameBack, type StrippedPart } from '../../../src/data/answers/answer-of.ts';

const PROMPT = '### Instruction:\nName a color.\n\n### Response:';

function read(came: CameBack, strip: readonly StrippedPart[] = [], prompt = PROMPT, opening = '') {
  return answerOf(came, { prompt, strip, opening });
}

describe('what came for a prompt', () => {
  it('is the answer as it stands, the empty text too', () => {
    const plain = { state: 'answered', rawText: null, thoughtCharacters: 0, echoCharacters: 0 };
    expect(read({ text: ' Blue.\n' })).toEqual({ ...plain, text: ' Blue.\n' });
    expect(read({ text: '' })).toEqual({ ...plain, text: '' });
  });

  it('is no content where no text came, never an empty answer', () => {
    expect(read({ text: null })).toMatchObject({ state: 'no_content', text: null, rawText: null });
  });

  it('keeps its state, and what came in the place of an answer', () => {
    expect(read({ state: 'refused', text: null, aside: 'No.' })).toMatchObject({
      state: 'refused',
      text: null,
      rawText: 'No.',
    });
    expect(read({ state: 'prompt_too_long', text: '', aside: 'too long' })).toMatchObject({
      text: null,
      rawText: 'too long',
    });
  });

  it.each([
    ['<think>a</think>\n\nBlue.', 'Blue.', 16],
    [' \n<think>a</think>Blue.', 'Blue.', 18],
    ['<thinking>a</thinking> Blue.', 'Blue.', 22],
    ['[THINK]a[/THINK]Blue.', 'Blue.', 16],
    ['a color</think>\nBlue.', 'Blue.', 15],
    ['<think></think>Blue.', 'Blue.', 15],
    ['<think>😀</think>Blue.', 'Blue.', 16],
  ])(
    'has thoughts in %j, which are counted, and taken out only where that is wanted',
    (text, rest, count) => {
      expect(read({ text })).toMatchObject({
        state: 'answered',
        text,
        rawText: null,
        thoughtCharacters: count,
      });
      expect(read({ text }, ['thoughts'])).toMatchObject({
        text: rest,
        rawText: text,
        thoughtCharacters: count,
      });
    },
  );

  it.each(['Say <think> and </think>.', 'I think > you.', 'Blue. <think>', 'End it with </think>'])(
    'has none in %j, which only speaks of them',
    (text) => {
      expect(read({ text }, ['thoughts'])).toMatchObject({ text, thoughtCharacters: 0 });
    },
  );

  it.each(['<think>', '<think>\nA color. ', '[THINK]a'])('is cut in its reasoning in %j', (text) => {
    expect(read({ text })).toMatchObject({
      state: 'cut_in_reasoning',
      text: null,
      rawText: text,
      thoughtCharacters: text.length,
    });
  });

  it('is cut in its reasoning where the form opened thoughts that do not end; an instruction opens none', () => {
    const opened = `${PROMPT}<think>\n`;
    const cut = read({ text: 'A color' }, [], opened, '<think>\n');
    expect(cut).toMatchObject({ state: 'cut_in_reasoning', thoughtCharacters: 7 });
    const whole = read({ text: 'A</think>Blue.' }, ['thoughts'], opened, '<think>\n');
    expect(whole).toMatchObject({ text: 'Blue.' });
    expect(read({ text: 'A color' }, [], opened)).toMatchObject({ state: 'answered', text: 'A color' });
  });

  it('is no content where nothing follows the thoughts', () => {
    expect(read({ text: '<think>a</think>\n ' })).toMatchObject({ state: 'no_content', text: null });
  });

  it('counts thoughts that came apart from the text', () => {
    expect(read({ text: 'Blue.', thoughts: 'a color' })).toMatchObject({
      state: 'answered',
      text: 'Blue.',
      rawText: null,
      thoughtCharacters: 7,
    });
  });

  it('begins with its prompt where a server repeats it; white space before both does not count', () => {
    for (const text of [`${PROMPT} Blue.`, `\n${PROMPT} Blue.`]) {
      const echoCharacters = text.length - ' Blue.'.length;
      expect(read({ text })).toMatchObject({ text, rawText: null, echoCharacters });
      expect(read({ text }, ['echo'])).toMatchObject({ text: ' Blue.', rawText: text, echoCharacters });
    }
    expect(read({ text: `Not ${PROMPT}` }).echoCharacters).toBe(0);
    expect(read({ text: 'Blue.' }, ['echo'], '').echoCharacters).toBe(0);
  });

  it('loses both, or one of the two', () => {
    const text = `${PROMPT}<think>a</think> Blue.`;
    expect(read({ text }, ['echo', 'thoughts']).text).toBe('Blue.');
    expect(read({ text }, ['thoughts']).text).toBe(`${PROMPT}Blue.`);
    expect(read({ text }, ['echo']).text).toBe('<think>a</think> Blue.');
  });
});
