import { basename, dirname, join } from 'node:path';
import { type PublishedCell, readPublishedCells } from '../../data/published-scores.ts';
import { differencesFromPublished, publishedFigure } from '../../figures/run/published-figure.ts';
import { findRun } from '../../store/read/find-run.ts';
import { openResults } from '../../store/read/open-results.ts';
import { read } from '../../store/read/read.ts';
import { type RunHead, readRunHead } from '../../store/read/run-head.ts';
import { scoresRead } from '../../store/read/score-reads.ts';
import { type CompareSource, compareText } from '../../terminal/reports/compare-text.ts';
import { DEFAULT_FIGURES, stampOf, writeFigure } from '../stages/figures-stage.ts';
import { nothingMatched, notScored } from './unmatched.ts';

export interface CompareOptions {
  /** CSV of published cells. */
  readonly published: string;
  /** Results file. */
  readonly db: string;
  /** Needed if the file has several runs. */
  readonly run: string | undefined;
  /** Folder for the figure. Default: that of the results file. */
  readonly out: string | undefined;
  /** Terminal columns. */
  readonly width: number | undefined;
}

export const DIFFERENCE_FILE = 'published-difference';

/**
 * A run's cells minus published ones, as text and as a figure.
 * @returns the text, and the path of the PNG
 * @throws InputError for an invalid file, a run that does not exist or is not scored, or `empty` if none of the run's cells
 * was published
 */
export function comparePublished(options: CompareOptions): { text: string; figure: string } {
  const published = readPublishedCells(options.published);
  const store = openResults(options.db);
  try {
    const run = findRun(store, options.run);
    const head = readRunHead(store, run)!;
    const scores = read(store, scoresRead(run, 'average'));
    if (scores.length === 0) throw notScored(store, run);
    const result = differencesFromPublished(head, scores, published);
    const drawn = publishedFigure(head, result.differences, basename(options.published));
    if (drawn === undefined) throw nothingMatched(options.db, head);
    const base = join(options.out ?? dirname(options.db), DIFFERENCE_FILE);
    const stamp = stampOf(store, run, `sorted-eval compare ${basename(options.published)}`);
    const figure = writeFigure(base, drawn, DEFAULT_FIGURES, stamp)[0]!;
    const source = sourceOf(head, options.published, published);
    return { text: compareText(result, source, options.width), figure };
  } finally {
    store.close();
  }
}

function sourceOf(head: RunHead, path: string, published: readonly PublishedCell[]): CompareSource {
  return {
    run: head.run,
    instructions: head.instructions,
    judge: head.judge ?? 'not recorded',
    deviations: head.judgeDeviations?.split('; ') ?? [],
    published: basename(path),
    publishedCells: published.length,
  };
}
