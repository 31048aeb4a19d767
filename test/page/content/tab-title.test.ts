import { describe, expect, it } from 'vitest';
import { tabTitle } from '../../../src/page/content/tab-title.ts';
import { parseRoute } from '../../../src/page/route.ts';

describe('the title of a tab', () => {
  it.each([
    ['#/', 'Overview · nano · sorted-eval'],
    ['#/instruction', 'Instructions · nano · sorted-eval'],
    ['#/instruction?id=i-1', 'Instruction i-1 · nano · sorted-eval'],
    ['#/pair?comparison=a+vs+b&a=3&b=4&instruction=i-1', 'i-1, a vs b, 3 against 4 · nano · sorted-eval'],
    ['#/published', 'Against the paper · nano · sorted-eval'],
    ['#/no', 'No such view · nano · sorted-eval'],
  ])('of %s is %s', (hash, title) => {
    expect(tabTitle(parseRoute(hash), 'nano')).toBe(title);
  });
});
