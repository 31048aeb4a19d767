import { basename, join } from 'node:path';
import { type PublishedCell, readPublishedCells } from '../../data/published-scores.ts';
import { differencesFromPublished, PUBLISHED_POLICY } from '../../figures/run/published-figure.ts';
import { publishedBeside, publishedScores } from '../../figures/run/published-panels.ts';
import type { Store } from '../../store/database.ts';
import { read } from '../../store/read/read.ts';
import { readRunHead } from '../../store/read/run-head.ts';
import { scoresRead } from '../../store/read/score-reads.ts';
import { type FigureOptions, optionsText, sheetOf, stampOf, writeFigure } from '../stages/figures-stage.ts';
import { nothingMatched, notScored } from './unmatched.ts';

export interface PublishedOptions extends FigureOptions {
  /** CSV of published cells. */
  readonly published: string;
  readonly folder: string;
}

const PUBLISHED_FILE = 'published';

/** Figure 1 of the paper from its published table; needs no run. @returns paths of the files */
export function drawPublished(options: PublishedOptions): string[] {
  const drawn = publishedScores(readPublishedCells(options.published), sourceOf(options));
  return writeFigure(join(options.folder, PUBLISHED_FILE), drawn, options, { command: commandOf(options) });
}

/**
 * The same with the scores of a run beside, and the difference.
 * @throws InputError `empty` for a run that is not scored, or has nothing that was published
 */
export function drawPublishedBeside(store: Store, run: string, options: PublishedOptions): string[] {
  const published: PublishedCell[] = readPublishedCells(options.published);
  const head = readRunHead(store, run)!;
  const scores = read(store, scoresRead(run, PUBLISHED_POLICY));
  if (scores.length === 0) throw notScored(store, run);
  const { differences } = differencesFromPublished(head, scores, published);
  if (differences.length === 0) throw nothingMatched(store.path, head);
  const drawn = publishedBeside(head, scores, differences, published, sourceOf(options));
  const stamp = stampOf(store, run, commandOf(options));
  return writeFigure(join(options.folder, PUBLISHED_FILE), drawn, options, stamp);
}

function sourceOf(options: PublishedOptions) {
  return { file: basename(options.published), sheet: sheetOf(options) };
}

function commandOf(options: PublishedOptions): string {
  return `sorted-eval figures --published ${basename(options.published)}${optionsText(options)}`;
}
