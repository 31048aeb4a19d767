import { describe, expect, it } from 'vitest';
import type { PublishedBaseline, PublishedCell } from '../../../src/data/published-scores.ts';
import { publishedDifferences, type ScoredComparison } from '../../../src/metrics/published-difference.ts';
import { type CompareSource, compareText } from '../../../src/terminal/reports/compare-text.ts';

const SOURCE: CompareSource = {
  run: 'nano',
  instructions: 170,
  judge: 'nano judge',
  deviations: ['greedy decoding instead of 4 beams with repetition penalty 1.2'],
  published: 'table4.csv',
  publishedCells: 64,
};
const EXITS = [3, 4, 5, 6, 7, 8, 9, 10];

function published(baseline: PublishedBaseline = 'SFT'): PublishedCell[] {
  return EXITS.flatMap((a) =>
    EXITS.map((b) => ({ baseline, exitA: 4 * a, exitB: 4 * b, layers: 40, score: (a - b) / 10 })),
  );
}

function comparison(shift: number, exits = EXITS, name = 'soft'): ScoredComparison {
  return {
    name: `${name} against sft`,
    modelA: { name, kind: 'soft', layers: 10 },
    modelB: { name: 'sft', kind: 'sft', layers: 10 },
    cells: exits.flatMap((exitA) =>
      exits.map((exitB) => ({ exitA, exitB, score: (exitA - exitB) / 10 + shift })),
    ),
  };
}

function text(comparisons: readonly ScoredComparison[], cells = published(), width = 80): string {
  return compareText(publishedDifferences(comparisons, cells), SOURCE, width);
}

describe('compareText', () => {
  it('prints published scores, own scores and differences, 8 exits a row', () => {
    const printed = text([comparison(0.25)]);
    expect(printed).toMatch(/Published score\n +3 +4 +5 +6 +7 +8 +9 +10\nsoft@3 +0\.00 +-0\.10 .* -0\.70\n/);
    expect(printed).toMatch(/Score of this run\n.*\nsoft@3 +0\.25 +0\.15 .* -0\.45\n/);
    expect(printed).toMatch(/Difference \(this run − published\)\n.*\nsoft@3( +\+0\.25){8}\n/);
  });

  it('prints matching, exits, rank correlation and mean differences', () => {
    const printed = text([comparison(0.25)]);
    expect(printed).toContain('soft (rows) against sft (columns); published baseline SFT');
    expect(printed).toMatch(/Exits: 3 = 12, 4 = 16, .*10 = 40 \(of 10\s+and 40 layers\)/);
    expect(printed).toContain("Rank correlation (Spearman's ρ): 1.000 over 64 cells");
    expect(printed).toContain('Difference: mean +0.25, mean of absolute values 0.25');
  });

  it('names the sources of the numbers, deviations included', () => {
    const printed = text([comparison(0)]).replaceAll(/\s+/g, ' ');
    expect(printed).toContain('Run nano: 170 instructions');
    expect(printed).toContain('deviation: greedy decoding instead of 4 beams');
    expect(printed).toContain('Published table4.csv: 64 cells');
    expect(printed).toContain('mean over both orders (policy average)');
  });

  it('counts what has no counterpart, on both sides', () => {
    const other = { ...comparison(0), name: 'x', modelB: { name: 'x', kind: 'plain', layers: 10 } as const };
    const printed = text(
      [comparison(0, [2, 3]), other],
      [...published(), ...published('SFT+ICT')],
    ).replaceAll(/\s+/g, ' ');
    expect(printed).toContain('1 cells; without a published one: 3; published ones that this run lacks: 63');
    expect(printed).toContain('Not compared: x (soft against plain), 64 cells');
    expect(printed).toContain('Not compared: published baseline SFT+ICT, 64 cells');
  });

  it('has a dash for a cell without a counterpart, and no sign on a zero', () => {
    const cells = published().filter(({ exitA, exitB }) => exitA !== 12 || exitB !== 16);
    expect(text([comparison(-0.001, [3, 4])], cells)).toMatch(
      /\(this run − published\)\n.*\nsoft@3 +0\.00 +–\n/,
    );
  });

  it('explains why there is no rank correlation', () => {
    const flat = { ...comparison(0), cells: comparison(0).cells.map((cell) => ({ ...cell, score: 0 })) };
    expect(text([flat])).toContain("(Spearman's ρ): none, all scores of one side are equal");
    expect(text([comparison(0, [3])])).toContain('none, one cell alone has no order');
  });

  it.each([80, 60])('fits into %d columns, whatever the names', (width) => {
    const printed = text([comparison(0.25, EXITS, 'a-model-with-a-rather-long-name')], published(), width);
    for (const line of printed.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    expect(printed).toContain('10');
  });
});
