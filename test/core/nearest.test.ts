import { describe, expect, it } from 'vitest';
import { misspelled, nearest } from '../../src/core/nearest.ts';

describe('a misspelled word', () => {
  it.each([
    ['swep', 'sweep'],
    ['wiat', 'wait'],
    ['comparison', 'comparisons'],
    ['QUERY', 'query'],
    ['scor', 'score'],
  ])('%s is meant as %s', (word, meant) => {
    expect(misspelled(word, ['sweep', 'wait', 'comparisons', 'query', 'score'])).toBe(meant);
  });

  it('is like no candidate where little of it is the same', () => {
    expect(misspelled('frobnicate', ['sweep', 'score'])).toBeUndefined();
    expect(misspelled('sweep', [])).toBeUndefined();
  });

  it('has always a nearest one', () => {
    expect(nearest('zzz', ['sweep', 'kl'])).toBe('kl');
  });
});
