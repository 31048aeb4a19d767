/** Categories of instructions by exits, as tables. Pure. */
import { DIVERGING } from '../../figures/chart/palette.ts';
import type { HeatmapScale } from '../../figures/heatmap/heatmap-types.ts';
import { labelOf } from '../../figures/run/labels.ts';
import { SCORE_SCALE } from '../../figures/run/score-heatmaps.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import { baselineOf } from '../../terminal/headline/claims.ts';
import type { CategoryScore, CategoryShare } from '../queries/category-query.ts';
import { percent, score } from './number-text.ts';

export interface CategoryCell {
  readonly exit: number;
  readonly value: number;
  readonly text: string;
  /** With n and interval. */
  readonly detail: string;
  /** Exits of its cell where it has one. */
  readonly at?: { readonly a: number; readonly b: number };
}

export interface CategoryTable {
  readonly title: string;
  readonly scale: HeatmapScale;
  readonly comparison?: string;
  readonly exits: readonly number[];
  readonly rows: readonly {
    readonly category: string;
    readonly n: number;
    readonly cells: readonly CategoryCell[];
  }[];
}

/** The upper half of the diverging colors: white is none, blue is all. */
const SHARE_SCALE: HeatmapScale = {
  label: 'Exact match',
  min: 0,
  max: 1,
  palette: DIVERGING.slice(5),
  digits: 2,
};

/** Exact match of each model, in the order of the sweep file. */
export function shareTables(head: RunHead, shares: readonly CategoryShare[]): CategoryTable[] {
  return head.models.flatMap(({ model, label }) => {
    const own = shares.filter((row) => row.model === model);
    if (own.length === 0) return [];
    const cells = own.map((row) => ({ ...row, text: percent(row.value, 0), detail: detailOf(row, percent) }));
    return [tableOf(`${label}: exact match`, SHARE_SCALE, cells)];
  });
}

/** Score of each comparison against the full model that the headline sets exits beside. */
export function scoreTables(head: RunHead, scores: readonly CategoryScore[]): CategoryTable[] {
  return head.comparisons.flatMap((comparison) => {
    const { name, modelA, modelB } = comparison;
    const isB = baselineOf(head, comparison) === modelB;
    const own = scores.filter((row) => row.comparison === name);
    const deepest = Math.max(...own.map(({ exitA, exitB }) => (isB ? exitB : exitA)));
    const cells = own
      .filter(({ exitA, exitB }) => (isB ? exitB : exitA) === deepest)
      .map((row) => scoreCell(row, isB));
    if (cells.length === 0) return [];
    const [asked, reference] = isB ? [modelA, modelB] : [modelB, modelA];
    const title = `${labelOf(head, asked)}: score against ${labelOf(head, reference)} at exit ${deepest}`;
    return [{ ...tableOf(title, SCORE_SCALE, cells), comparison: name }];
  });
}

/** Positive: for the model whose exits stand in the columns. */
function scoreCell(
  row: CategoryScore,
  isB: boolean,
): CategoryCell & { readonly category: string; readonly n: number } {
  const { category, n, exitA: a, exitB: b } = row;
  const sided = isB ? row : { ...row, value: -row.value, ciLow: -row.ciHigh, ciHigh: -row.ciLow };
  const exit = isB ? a : b;
  return {
    category,
    n,
    exit,
    value: sided.value,
    text: score(sided.value),
    detail: detailOf({ ...sided, exit }, score),
    at: { a, b },
  };
}

function detailOf(
  { category, exit, n, value, ciLow, ciHigh }: Omit<CategoryShare, 'model'>,
  words: (value: number) => string,
): string {
  return `${category} at exit ${exit}: ${words(value)}, 95 % interval ${words(ciLow)} to ${words(ciHigh)}, n = ${n}`;
}

function tableOf(
  title: string,
  scale: HeatmapScale,
  cells: readonly (CategoryCell & { readonly category: string; readonly n: number })[],
): CategoryTable {
  const exits = [...new Set(cells.map(({ exit }) => exit))].sort((a, b) => a - b);
  const rows = [...new Set(cells.map(({ category }) => category))].map((category) => {
    const own = cells.filter((cell) => cell.category === category).sort((a, b) => a.exit - b.exit);
    return { category, n: Math.max(...own.map(({ n }) => n)), cells: own };
  });
  return { title, scale, exits, rows };
}
