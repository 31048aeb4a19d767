import { describe, expect, it } from 'vitest';
import { scoreTables, shareTables } from '../../../src/page/content/category-tables.ts';
import type { CategoryScore } from '../../../src/page/queries/category-query.ts';
import type { RunHead } from '../../../src/store/read/run-head.ts';

const model = (name: string, kind: string) => ({ model: name, label: name.toUpperCase(), kind });
const head = (modelA: string, modelB: string) =>
  ({
    models: [model('sft', 'sft'), model('soft', 'soft')],
    comparisons: [{ name: 'c', modelA, modelB }],
  }) as unknown as RunHead;
const score = (exitA: number, exitB: number, value: number, category = 'sums'): CategoryScore => ({
  ...{ comparison: 'c', exitA, exitB, category, n: 8, value, ciLow: value - 0.1, ciHigh: value + 0.3 },
});

describe('categories by exits', () => {
  it('show scores beside full depth of SFT, whichever model a comparison names first', () => {
    const [plain] = scoreTables(head('soft', 'sft'), [score(3, 10, -0.5), score(10, 10, 0), score(10, 3, 1)]);
    expect(plain).toMatchObject({ title: 'SOFT: score against SFT at exit 10', exits: [3, 10] });
    expect(plain!.rows[0]!.cells.map(({ text, at }) => [text, at])).toEqual([
      ['-0.50', { a: 3, b: 10 }],
      ['0.00', { a: 10, b: 10 }],
    ]);
    const [turned] = scoreTables(head('sft', 'soft'), [score(10, 3, 0.5), score(10, 10, 0)]);
    expect(turned!.title).toBe('SOFT: score against SFT at exit 10');
    expect(turned!.rows[0]!.cells[0]).toMatchObject({
      ...{ exit: 3, value: -0.5, at: { a: 10, b: 3 } },
      detail: 'sums at exit 3: -0.50, 95 % interval -0.80 to -0.40, n = 8',
    });
  });

  it('show the share of right responses of each model that has any', () => {
    const share = { model: 'soft', exit: 3, category: 'sums', n: 8, value: 0.25, ciLow: 0.1, ciHigh: 0.6 };
    const tables = shareTables(head('soft', 'sft'), [share, { ...share, exit: 4, category: 'names' }]);
    expect(tables).toHaveLength(1);
    expect(tables[0]).toMatchObject({ title: 'SOFT: exact match', exits: [3, 4] });
    expect(tables[0]!.rows.map(({ category, n, cells }) => [category, n, cells.length])).toEqual([
      ['sums', 8, 1],
      ['names', 8, 1],
    ]);
    expect(tables[0]!.rows[0]!.cells[0]!.text).toBe('25 %');
  });

  it('are no tables where nothing has a category', () => {
    expect([...scoreTables(head('soft', 'sft'), []), ...shareTables(head('soft', 'sft'), [])]).toEqual([]);
  });
});
