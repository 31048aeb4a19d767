import { describe, expect, it } from 'vitest';
import { pairShown, similarity } from '../../../../src/page/content/pair/shown-as.ts';
import { MAX_DIFF_LENGTH, wordDiff } from '../../../../src/page/content/pair/word-diff.ts';

const shared = (a: string, b: string) => similarity(wordDiff(a, b)!);

describe('the similarity of two answers', () => {
  it('is the share of letters in words that both have in one order', () => {
    expect(shared('same words', 'same words')).toBe(1);
    expect(shared('one', 'two')).toBe(0);
    // 14 of 25 and of 23 letters: The capital of is.
    expect(shared('The capital of France is Paris', 'The capital of Italy is Rome')).toBeCloseTo(28 / 48, 10);
    expect(shared('', '')).toBe(1);
  });
});

describe('two answers are shown', () => {
  it('with their differences where they are similar', () => {
    expect(pairShown('a b c', 'a b d', undefined).shownAs).toBe('differences');
  });

  it('formatted where they are unrelated and one has Markdown, else as they are', () => {
    expect(pairShown('**one**', 'two', undefined).shownAs).toBe('formatted');
    expect(pairShown('one', 'two', undefined).shownAs).toBe('raw');
    expect(pairShown('one', null, undefined).shownAs).toBe('raw');
  });

  it('as the reader chose, as far as there are differences to show', () => {
    expect(pairShown('one', 'two', 'differences').shownAs).toBe('differences');
    expect(pairShown('a b c', 'a b d', 'raw').shownAs).toBe('raw');
    expect(pairShown('one', null, 'differences').shownAs).toBe('raw');
    expect(pairShown('x'.repeat(MAX_DIFF_LENGTH), 'y', 'differences').shownAs).toBe('raw');
    expect(pairShown('a', 'a', 'nonsense').shownAs).toBe('differences');
  });
});
