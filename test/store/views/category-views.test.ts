import { describe, expect, it } from 'vitest';
import { saveResponses } from '../../../src/store/tables/response-table.ts';
import { openRun } from '../../../src/store/tables/run-table.ts';
import { emptyStore, rowsOf, sampleStore } from '../sample.ts';
import { responsesOf, saveVerdicts, setup, verdict } from '../sample-run.ts';

describe('category_quality', () => {
  it("counts right responses by category, with Wilson's interval; what has no category is left out", () => {
    const store = emptyStore();
    const set = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, instruction: id, input: '', answer: 'yes' }));
    const [a, b, c, d, e] = set as [...typeof set];
    const categories = [...[a, b, c, d].map((one) => ({ ...one!, category: 'sum' })), e!];
    openRun(store, setup({ instructions: categories }));
    saveResponses(store, 'nano', responsesOf('soft', 3, { a: 'yes', b: 'no', c: 'no', d: 'yes', e: 'yes' }));
    const rows = rowsOf(store, 'category_quality');
    expect(rows).toMatchObject([
      { model: 'soft', exit: 3, category: 'sum', right: 2, total: 4, exact_match: 0.5 },
    ]);
    // python -c "from statsmodels.stats.proportion import proportion_confint as c; print(c(2, 4, method='wilson'))"
    expect(rows[0]!['ci_low']).toBeCloseTo(0.150039, 6);
    expect(rows[0]!['ci_high']).toBeCloseTo(0.849961, 6);
  });
});

describe('category_scores', () => {
  it("means a cell's pairs by category, as the score means them all", () => {
    const store = sampleStore();
    saveVerdicts(store, 'nano', [verdict('i-cap', 'ab', '2'), verdict('i-cap', 'ba', 'tie')]);
    const rows = rowsOf(store, 'category_scores');
    const outcomes = rowsOf(store, 'verdicts');
    for (const { category, score, n } of rows) {
      const own = outcomes.filter(
        ({ instruction_id }) => instruction_id === `i-${category === 'add' ? 'add' : 'cap'}`,
      );
      const values = own.map(({ preference }) => ({ a: 1, b: -1 })[preference as 'a' | 'b'] ?? 0);
      expect(n).toBe(own.length / 2);
      expect(score).toBe(values.reduce<number>((sum, value) => sum + value, 0) / values.length);
    }
    expect(rows.map(({ category }) => category)).toEqual(['add', 'capital']);
  });
});
