import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../../src/core/sha256.ts';
import {
  isNoteKey,
  noteKey,
  noteRows,
  type PairNote,
  parseNote,
} from '../../../../src/page/content/pair/pair-note.ts';

const NOTE: PairNote = {
  ...{ run: 'nano', comparison: 'soft-vs-sft', exitA: 4, exitB: 10, instructionId: 'i-1' },
  ...{ isStarred: true, note: '=1+1 <b>', changedAt: '2026-11-30T02:00:00.000Z' },
};

describe('a note on a pair', () => {
  it('has a key of both answers, in their order, which is that of an exported page too', () => {
    const key = noteKey({ keyA: 'x', keyB: 'y' });
    expect(key).not.toBe(noteKey({ keyA: 'y', keyB: 'x' }));
    expect(isNoteKey(key)).toBe(true);
    const [keyA, keyB] = [sha256('a'), sha256('b')];
    const short = { keyA: keyA.slice(0, 16), keyB: keyB.slice(0, 16) };
    expect(noteKey({ keyA, keyB })).toBe(noteKey(short));
    expect(isNoteKey('theme')).toBe(false);
  });

  it('comes back as it was kept', () => {
    expect(parseNote(JSON.stringify(NOTE))).toEqual(NOTE);
  });

  it.each([
    null,
    '',
    'x',
    '3',
    'null',
    '{}',
    '[]',
    JSON.stringify({ ...NOTE, note: 1 }),
    JSON.stringify({ ...NOTE, exitA: '4' }),
  ])('is none where the storage has %j', (text) => {
    expect(parseNote(text)).toBeUndefined();
  });

  it('is a row of a table, by comparison, exits and instruction', () => {
    const { columns, rows } = noteRows([NOTE, { ...NOTE, exitB: 9 }, { ...NOTE, comparison: 'a' }]);
    expect(columns).toEqual([
      ...['run', 'comparison', 'exit_a', 'exit_b', 'instruction_id', 'is_starred', 'note', 'changed_at'],
    ]);
    expect(rows.map((row) => [row[1], row[3]])).toEqual([
      ['a', 10],
      ['soft-vs-sft', 9],
      ['soft-vs-sft', 10],
    ]);
  });
});
