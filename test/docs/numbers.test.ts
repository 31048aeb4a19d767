import { describe, expect, it } from 'vitest';
import { NUMBER_GROUPS } from '../../scripts/docs/number-notes.ts';
import { numbersPage, numericColumns } from '../../scripts/docs/numbers.ts';

const named = NUMBER_GROUPS.flatMap(({ not }) => Object.keys(not));

describe('docs/numbers.md', () => {
  it('names every column of a results file that holds a number, once, and no other', () => {
    expect(named.toSorted()).toEqual([...numericColumns().keys()].sort());
  });

  it('tells of each where it comes from, what it means and what it is not', () => {
    for (const { from, not } of NUMBER_GROUPS) {
      expect(from.length).toBeGreaterThan(20);
      for (const [name, text] of Object.entries(not)) expect(text, name).not.toBe('');
    }
    const page = numbersPage();
    for (const [name, meanings] of numericColumns()) {
      for (const { text } of meanings) expect(page, name).toContain(text.replaceAll('|', '\\|'));
    }
  });
});
