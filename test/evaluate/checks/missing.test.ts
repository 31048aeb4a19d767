import { expect, it } from 'vitest';
import { countMissing, noteMissing } from '../../../src/evaluate/checks/missing.ts';

function noted(reasons: readonly string[]) {
  const notes: string[] = [];
  const progress = {
    note: (text: string) => void notes.push(text),
    start: () => ({ advance: () => {}, end: () => {} }),
  };
  const missing = noteMissing(progress, { label: 'SFT: answers', total: 20, reasons });
  return { notes, missing };
}

it('where nothing is missing, nothing is said', () => {
  expect(noted([])).toEqual({ notes: [], missing: [] });
});

it('what is missing is counted by reason, the most frequent first', () => {
  const { notes, missing } = noted(['HTTP 500', 'HTTP 429', 'HTTP 429']);
  expect(notes).toEqual(['SFT: answers: 3 of 20 missing (2 × HTTP 429; 1 × HTTP 500)']);
  expect(countMissing([...missing, ...missing])).toBe(6);
});

it('of many reasons five are shown and the rest are counted', () => {
  const { notes } = noted(['a', 'a', 'b', 'c', 'd', 'e', 'f', 'g']);
  expect(notes[0]).toBe(
    'SFT: answers: 8 of 20 missing (2 × a; 1 × b; 1 × c; 1 × d; 1 × e; 2 × other reasons)',
  );
});
