import { basename, dirname, join } from 'node:path';
import { InputError } from '../../core/errors.ts';
import { type PublishedCell, readPublishedCells } from '../../data/published-scores.ts';
import { renderFigure } from '../../figures/files/canvas.ts';
import { type DifferencePanel, differenceHeatmaps } from '../../figures/run/difference-heatmaps.ts';
import { labelOf } from '../../figures/run/run-figures.ts';
import {
  type PublishedDifference,
  type PublishedDifferences,
  publishedDifferences,
  type ScoredComparison,
} from '../../metrics/published-difference.ts';
import { openReadOnlyStore, type Store } from '../../store/database.ts';
import { findRun } from '../../store/read/pair-record.ts';
import { type RunHead, readRunHead } from '../../store/read/run-head.ts';
import { readInstructions } from '../../store/tables/instruction-table.ts';
import { readComparisons, readModels } from '../../store/tables/model-table.ts';
import { readJudge } from '../../store/tables/run-table.ts';
import { readScores } from '../../store/tables/score-table.ts';
import { type CompareSource, compareText } from '../../terminal/reports/compare-text.ts';
import { stampOf, writeFigure } from '../stages/figures-stage.ts';

export interface CompareOptions {
  /** CSV of published cells. */
  readonly published: string;
  /** Results file. */
  readonly db: string;
  /** Needed where the file has several runs. */
  readonly run: string | undefined;
  /** Folder for the figure; by default that of the results file. */
  readonly out: string | undefined;
  /** Terminal columns. */
  readonly width: number | undefined;
}

export const DIFFERENCE_FILE = 'published-difference.png';

/**
 * A run's cells minus published ones, as text and as a figure.
 * @returns the text, and the path of the PNG
 * @throws InputError for a file that is not what it should be, a run that is not there or not scored, or `empty` where
 * nothing of the run was published
 */
export function comparePublished(options: CompareOptions): { text: string; figure: string } {
  const published = readPublishedCells(options.published);
  const store = openReadOnlyStore(options.db);
  try {
    const run = findRun(store, options.run);
    const comparisons = readScored(store, run);
    const result = publishedDifferences(comparisons, published);
    if (result.differences.length === 0) throw nothingMatched(options, run, comparisons);
    const source = sourceOf(store, run, options.published, published);
    const figure = join(options.out ?? dirname(options.db), DIFFERENCE_FILE);
    const command = `sorted-eval compare ${basename(options.published)}`;
    writeFigure(
      figure,
      renderFigure(figureOf(result, source, readRunHead(store, run)!), {
        stamp: stampOf(store, run, command),
      }),
    );
    return { text: compareText(result, source, options.width), figure };
  } finally {
    store.close();
  }
}

/** Published cells are means over both orders, so the policy is `average` whatever the run's own is. */
function readScored(store: Store, run: string): ScoredComparison[] {
  const scores = readScores(store, run).filter(({ policy }) => policy === 'average');
  const models = new Map(readModels(store, run).map((model) => [model.model, model]));
  const matched = (name: string) => {
    const { kind, layers } = models.get(name)!;
    return { name, kind, layers };
  };
  const comparisons = readComparisons(store, run).map(({ name, modelA, modelB }) => ({
    name,
    modelA: matched(modelA),
    modelB: matched(modelB),
    cells: scores
      .filter(({ comparison }) => comparison === name)
      .map(({ exitA, exitB, score }) => ({ exitA, exitB, score })),
  }));
  if (scores.length === 0) throw notScored(store, run);
  return comparisons;
}

function sourceOf(
  store: Store,
  run: string,
  path: string,
  published: readonly PublishedCell[],
): CompareSource {
  const judge = readJudge(store, run);
  return {
    run,
    instructions: readInstructions(store, run).length,
    judge: judge?.judge ?? 'not recorded',
    deviations: judge?.deviations ?? [],
    published: basename(path),
    publishedCells: published.length,
  };
}

function figureOf({ differences }: PublishedDifferences, source: CompareSource, head: RunHead) {
  const deviations = source.deviations.join('; ');
  return differenceHeatmaps({
    run: source.run,
    judge: source.judge,
    instructions: source.instructions,
    panels: differences.map((difference) => toPanel(difference, head)),
    notes: [
      `Published: ${source.published}; cells matched by relative depth (exit / model's layers). Score = (wins − losses) / total, mean over both orders.`,
      `Judge of this run: ${source.judge}, n = ${source.instructions}.${deviations ? ` Deviations from PandaLM: ${deviations}.` : ''}`,
    ],
  });
}

function toPanel({ modelA, modelB, baseline, cells }: PublishedDifference, head: RunHead): DifferencePanel {
  const exits = (of: readonly number[]) => [...new Set(of)].sort((one, other) => one - other);
  return {
    modelA: labelOf(head, modelA.name),
    modelB: labelOf(head, modelB.name),
    baseline,
    exitsA: exits(cells.map(({ exitA }) => exitA)),
    exitsB: exits(cells.map(({ exitB }) => exitB)),
    cells,
  };
}

function notScored({ path }: Store, run: string): InputError {
  return new InputError({
    code: 'empty',
    where: `${path}: run ${run}`,
    expected: 'scored cells',
    found: 'none',
    fix: 'Run the judge and score stages first: sorted-eval sweep <sweep.yaml>.',
  });
}

function nothingMatched(
  { db }: CompareOptions,
  run: string,
  comparisons: readonly ScoredComparison[],
): InputError {
  const kinds = comparisons.map(({ name, modelA, modelB }) => `${name} (${modelA.kind}, ${modelB.kind})`);
  return new InputError({
    code: 'empty',
    where: `${db}: run ${run}`,
    expected: 'a comparison of a soft with an sft or early-exit model, at exits of published relative depths',
    found: kinds.join('; '),
    fix: "A model's kind comes from exits.json in its checkpoint; say it there and import again.",
  });
}
