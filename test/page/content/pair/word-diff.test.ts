import { describe, expect, it } from 'vitest';
import { MAX_DIFF_LENGTH, wordDiff } from '../../../../src/page/content/pair/word-diff.ts';

const own = (parts: readonly { text: string; isOwn: boolean }[]) =>
  parts.filter(({ isOwn }) => isOwn).map(({ text }) => text);
const whole = (parts: readonly { text: string }[]) => parts.map(({ text }) => text).join('');

describe('wordDiff', () => {
  it('marks the words that the other text does not have', () => {
    const { a, b } = wordDiff('the red cat sat', 'the blue cat sat down')!;
    expect(own(a)).toEqual(['red']);
    expect(own(b)).toEqual(['blue', ' down']);
  });

  it('gives back both texts whole, white space included', () => {
    const [left, right] = ['a  b\n c', 'a b\n\nc d '];
    const { a, b } = wordDiff(left, right)!;
    expect([whole(a), whole(b)]).toEqual([left, right]);
  });

  it('marks nothing of equal texts, and everything beside an empty one', () => {
    expect(own(wordDiff('same words', 'same words')!.a)).toEqual([]);
    const { a, b } = wordDiff('', 'all of it')!;
    expect([a, own(b).join('')]).toEqual([[], 'all of it']);
  });

  it('does not compare texts beyond its limit', () => {
    expect(wordDiff('x'.repeat(MAX_DIFF_LENGTH), 'y')).toBeUndefined();
  });
});
