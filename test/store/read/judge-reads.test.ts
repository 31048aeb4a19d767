import { describe, expect, it } from 'vitest';
import { degenerateWinsRead } from '../../../src/store/read/degeneration-reads.ts';
import {
  cellAgreementRead,
  cellOrdersRead,
  orderCountsRead,
  positionBiasRead,
} from '../../../src/store/read/judge-reads.ts';
import { read, readFirst } from '../../../src/store/read/read.ts';
import { sampleStore } from '../sample.ts';
import { saveVerdicts, verdict } from '../sample-run.ts';

const comparison = { run: 'nano', comparison: 'soft-vs-sft' };
const cell = { ...comparison, exitA: 4, exitB: 4 };

/** A second cell, in which the judge names slot 1 whatever stands there. */
function twoCells() {
  const store = sampleStore();
  const other = { exitA: 3, exitB: 4 };
  saveVerdicts(store, 'nano', [verdict('i-add', 'ab', '1', other), verdict('i-add', 'ba', '1', other)]);
  return store;
}

describe('reads of verdicts', () => {
  it('count each order, over all cells or in one', () => {
    const order = { comparison: 'soft-vs-sft', malformed: 0 };
    expect(read(twoCells(), orderCountsRead('nano'))).toEqual([
      { ...order, order: 'ab', wins: 3, losses: 0, ties: 1 },
      { ...order, order: 'ba', wins: 1, losses: 2, ties: 1 },
    ]);
    expect(read(twoCells(), cellOrdersRead(cell))).toEqual([
      { ...order, order: 'ab', wins: 2, losses: 0, ties: 1 },
      { ...order, order: 'ba', wins: 1, losses: 1, ties: 1 },
    ]);
  });

  it('put the cell first whose verdicts depend most on the order', () => {
    const cells = read(twoCells(), positionBiasRead(comparison));
    expect(cells.map(({ exitA, readPairs, flips }) => [exitA, readPairs, flips])).toEqual([
      [3, 1, 1],
      [4, 3, 1],
    ]);
    expect(read(twoCells(), positionBiasRead(cell))).toEqual([cells[1]]);
  });

  it('count verdicts for the only right response, and for degenerate ones', () => {
    expect(readFirst(twoCells(), cellAgreementRead(cell))).toEqual({ decidable: 2, agreeing: 2 });
    const wins = { wins: 4, degenerate: 0, overOrdinary: 0, empty: 0 };
    expect(readFirst(twoCells(), degenerateWinsRead(cell))).toEqual(wins);
    expect(readFirst(twoCells(), degenerateWinsRead(comparison))!.wins).toBeGreaterThanOrEqual(4);
    expect(readFirst(twoCells(), degenerateWinsRead({ ...comparison, comparison: 'none' }))!.wins).toBe(0);
  });
});
