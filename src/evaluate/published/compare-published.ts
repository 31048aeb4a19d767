import { basename, dirname, join } from 'node:path';
import { InputError } from '../../core/errors.ts';
import { type PublishedCell, readPublishedCells } from '../../data/published-scores.ts';
import { renderFigure } from '../../figures/files/canvas.ts';
import { differencesFromPublished, publishedFigure } from '../../figures/run/published-figure.ts';
import type { Store } from '../../store/database.ts';
import { findRun } from '../../store/read/find-run.ts';
import { openResults } from '../../store/read/open-results.ts';
import { read } from '../../store/read/read.ts';
import { type RunHead, readRunHead } from '../../store/read/run-head.ts';
import { scoresRead } from '../../store/read/score-reads.ts';
import { type CompareSource, compareText } from '../../terminal/reports/compare-text.ts';
import { stampOf, writeFigure } from '../stages/figures-stage.ts';

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

export const DIFFERENCE_FILE = 'published-difference.png';

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
    if (drawn === undefined) throw nothingMatched(options, head);
    const figure = join(options.out ?? dirname(options.db), DIFFERENCE_FILE);
    const stamp = stampOf(store, run, `sorted-eval compare ${basename(options.published)}`);
    writeFigure(figure, renderFigure(drawn, { stamp }));
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

function notScored({ path }: Store, run: string): InputError {
  return new InputError({
    code: 'empty',
    where: `${path}: run ${run}`,
    expected: 'scored cells',
    found: 'none',
    fix: 'Run the judge and score stages first: sorted-eval sweep <sweep.yaml>.',
  });
}

function nothingMatched({ db }: CompareOptions, { run, models, comparisons }: RunHead): InputError {
  const kindOf = (name: string) => models.find(({ model }) => model === name)!.kind;
  const kinds = comparisons.map(
    ({ name, modelA, modelB }) => `${name} (${kindOf(modelA)}, ${kindOf(modelB)})`,
  );
  return new InputError({
    code: 'empty',
    where: `${db}: run ${run}`,
    expected: 'a comparison of a soft with an sft or early-exit model, at exits of published relative depths',
    found: kinds.join('; '),
    fix: "A model's kind comes from exits.json in its checkpoint: set it there and import again.",
  });
}
