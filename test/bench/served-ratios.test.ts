import { describe, expect, it, vi } from 'vitest';
import type { Measured } from '../../scripts/bench/served/measure.ts';
import { compareRounds, ratioTable } from '../../scripts/bench/served/ratios.ts';

const measured = (tokensPerSecond: number, ids = '[1]'): Measured => ({
  tokensPerSecond,
  ids: new Map([['i@3', ids]]),
});
const ROWS = [
  { cores: 1, local: [80, 100, 400].map((n) => measured(n)), served: [50, 10, 60].map((n) => measured(n)) },
  { cores: 2, local: [180, 190].map((n) => measured(n)), served: [90].map((n) => measured(n)) },
];

describe('throughput of served models', () => {
  it('is a ratio of medians, beside the own engine on as many cores and beside one core', () => {
    expect(ratioTable(ROWS).split('\n').slice(2)).toEqual([
      '| 1 | 0.50 | 1.00 | 1.00 |',
      '| 2 | 0.49 | 1.85 | 1.80 |',
    ]);
  });

  it('is worth nothing where answers differ', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    expect(compareRounds(ROWS)).toBe(true);
    const other = { ...ROWS[1]!, served: [measured(90, '[2]')] };
    expect(compareRounds([ROWS[0]!, other])).toBe(false);
    log.mockRestore();
  });
});
