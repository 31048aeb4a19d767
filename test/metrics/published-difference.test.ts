import { describe, expect, it } from 'vitest';
import type { ModelKind } from '../../src/core/domain.ts';
import type { PublishedBaseline, PublishedCell } from '../../src/data/published-scores.ts';
import { publishedDifferences, type ScoredComparison } from '../../src/metrics/published-difference.ts';

function published(baseline: PublishedBaseline, exitA: number, exitB: number, score: number): PublishedCell {
  return { baseline, exitA, exitB, layers: 40, score };
}

type CellRow = readonly [exitA: number, exitB: number, score: number];

function comparison(a: ModelKind, b: ModelKind, rows: readonly CellRow[], layersB = 10): ScoredComparison {
  return {
    name: `${a} against ${b}`,
    modelA: { name: a, kind: a, layers: 10 },
    modelB: { name: b, kind: b, layers: layersB },
    cells: rows.map(([exitA, exitB, score]) => ({ exitA, exitB, score })),
  };
}

const PUBLISHED = [
  published('SFT', 12, 12, -0.5),
  published('SFT', 12, 40, -0.75),
  published('SFT', 40, 12, 0.5),
  published('SFT+ICT', 12, 12, 0.25),
];

describe('publishedDifferences', () => {
  it('subtracts the published score at the same relative depth of both models', () => {
    const rows: CellRow[] = [
      [3, 6, 0.25],
      [3, 20, -1],
    ];
    const [difference] = publishedDifferences([comparison('soft', 'sft', rows, 20)], PUBLISHED).differences;
    expect(difference!.cells.map(({ exitA, exitB, difference: d }) => [exitA, exitB, d])).toEqual([
      [3, 6, 0.75],
      [3, 20, -0.25],
    ]);
    expect(difference).toMatchObject({ meanDifference: 0.25, meanAbsoluteDifference: 0.5 });
  });

  it('takes SFT for an sft model and SFT+ICT for an early-exit model', () => {
    const { differences } = publishedDifferences(
      [comparison('soft', 'sft', [[3, 3, 0]]), comparison('soft', 'early-exit', [[3, 3, 0]])],
      PUBLISHED,
    );
    expect(differences.map(({ baseline, cells }) => [baseline, cells[0]!.published.score])).toEqual([
      ['SFT', -0.5],
      ['SFT+ICT', 0.25],
    ]);
  });

  it('turns a comparison around that names the soft model last', () => {
    const [difference] = publishedDifferences(
      [comparison('sft', 'soft', [[10, 3, 0.5]])],
      PUBLISHED,
    ).differences;
    expect(difference!.modelA.kind).toBe('soft');
    expect(difference!.cells).toMatchObject([{ exitA: 3, exitB: 10, score: -0.5, difference: 0.25 }]);
  });

  it('counts cells without a counterpart on both sides', () => {
    const rows: CellRow[] = [
      [3, 3, 0],
      [5, 3, 0],
      [5, 5, 0],
    ];
    const [difference] = publishedDifferences([comparison('soft', 'sft', rows)], PUBLISHED).differences;
    expect(difference).toMatchObject({ unmatchedCells: 2, unmatchedPublished: 2 });
  });

  it('says which comparisons and which published baselines have no counterpart', () => {
    const result = publishedDifferences(
      [
        comparison('soft', 'sft', [[3, 3, 0]]),
        comparison('soft', 'plain', [[3, 3, 0]]),
        comparison('soft', 'early-exit', [[4, 4, 0]]),
        comparison('soft', 'soft', [[3, 3, 0]]),
        comparison('early-exit', 'sft', [[3, 3, 0]]),
      ],
      PUBLISHED,
    );
    expect(result.differences.map(({ modelB }) => modelB.kind)).toEqual(['sft']);
    expect(result.unmatchedComparisons.map(({ name }) => name)).toEqual([
      'soft against plain',
      'soft against early-exit',
      'soft against soft',
      'early-exit against sft',
    ]);
    expect(result.unusedPublished).toEqual(new Map([['SFT+ICT', 1]]));
  });

  it('correlates the ranks of published and own scores', () => {
    const rho = (rows: readonly CellRow[]) =>
      publishedDifferences([comparison('soft', 'sft', rows)], PUBLISHED).differences[0]!.rankCorrelation;
    expect(
      rho([
        [3, 3, 0],
        [3, 10, -0.1],
        [10, 3, 0.9],
      ]),
    ).toBe(1);
    expect(rho([[3, 3, 0]])).toBeUndefined();
  });
});
