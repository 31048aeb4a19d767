import { dirname } from 'node:path';
import { drawPublished, drawPublishedBeside } from '../../evaluate/published/draw-published.ts';
import { drawFigures, type FigureOptions, figuresStage } from '../../evaluate/stages/figures-stage.ts';
import { defineCommand } from '../command.ts';
import { figureArguments, figureOptions } from '../figure-options.ts';
import { printFigures, SWEEP_ARGUMENT, withRunOf, withStoredRun } from '../named-sweep.ts';
import { badOption, OTHER_DB_OPTION, RUN_OPTION } from '../options.ts';
import { EXIT, type Terminal } from '../terminal.ts';

const PUBLISHED_TEXT =
  'CSV of published scores: draws these alone, or with a sweep file or --db a run beside them';

/** `sorted-eval figures [sweep.yaml | --db results.db] [--published table.csv]` */
export const figuresCommand = defineCommand({
  command: 'figures [sweep]',
  describe: 'draw the figures from stored results',
  builder: (args) =>
    figureArguments(
      args
        .positional('sweep', SWEEP_ARGUMENT)
        .option('db', OTHER_DB_OPTION)
        .option('run', RUN_OPTION)
        .option('published', { type: 'string', describe: PUBLISHED_TEXT })
        .option('out', { type: 'string', describe: 'folder  [default: beside the results]' }),
    ),
  run: (args, terminal) => {
    const options = figureOptions(args);
    const paths =
      args.published === undefined
        ? drawRun(args, options, terminal)
        : drawWithPublished({ ...args, published: args.published }, options, terminal);
    printFigures(terminal, paths);
    return EXIT.done;
  },
});

interface Place {
  readonly sweep: string | undefined;
  readonly db: string | undefined;
  readonly run: string | undefined;
  readonly out: string | undefined;
}

function drawRun({ sweep, db, run, out }: Place, options: FigureOptions, terminal: Terminal): string[] {
  if (db !== undefined)
    return withRunOf(db, run, ({ store, run: found }) =>
      drawFigures(store, found, { ...options, folder: out ?? dirname(db) }),
    );
  if (out === undefined)
    return withStoredRun({ sweep, run }, terminal, (stored) => figuresStage(stored, options));
  throw badOption('--out', 'it with --db or --published', 'neither', 'Name the results file by --db.');
}

function drawWithPublished(
  { sweep, db, run, out, published }: Place & { readonly published: string },
  options: FigureOptions,
  terminal: Terminal,
): string[] {
  const drawn = { ...options, published };
  if (db !== undefined)
    return withRunOf(db, run, ({ store, run: found }) =>
      drawPublishedBeside(store, found, { ...drawn, folder: out ?? dirname(db) }),
    );
  if (sweep === undefined) return drawPublished({ ...drawn, folder: out ?? '.' });
  return withStoredRun({ sweep, run }, terminal, ({ store, run: found, config }) =>
    drawPublishedBeside(store, found, { ...drawn, folder: out ?? config.output }),
  );
}
