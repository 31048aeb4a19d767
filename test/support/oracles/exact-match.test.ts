import { describe, expect, it } from 'vitest';
import { exactMatch, isExactMatch } from './exact-match.ts';

describe('exactMatch', () => {
  it('refuses to rate nothing', () => {
    expect(() => exactMatch([])).toThrow(RangeError);
  });

  it('counts the right answers', () => {
    const answers = [
      { text: ' 1 2 3\n', answer: '1 2 3' },
      { text: '', answer: '1 2 3' },
    ];
    expect(exactMatch(answers)).toEqual({ count: 1, total: 2, share: 0.5 });
  });
});

describe('isExactMatch', () => {
  it.each([
    ['Paris', 'Paris', true],
    ['\nParis ', ' Paris', true],
    ['paris', 'Paris', false],
    ['Paris.', 'Paris', false],
    ['a  b', 'a b', false],
    ['', 'Paris', false],
  ])('compares %j with %j: %s', (text, answer, equal) => {
    expect(isExactMatch(text, answer)).toBe(equal);
  });
});
