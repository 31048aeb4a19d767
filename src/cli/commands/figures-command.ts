import { dirname } from 'node:path';
import { drawFigures, type FigureOptions, figuresStage } from '../../evaluate/stages/figures-stage.ts';
import { DEFAULT_DPI, type FigureFormat } from '../../figures/files/canvas.ts';
import { findRun } from '../../store/read/find-run.ts';
import { openResults } from '../../store/read/open-results.ts';
import { defineCommand } from '../command.ts';
import { printFigures, SWEEP_ARGUMENT, withStoredRun } from '../named-sweep.ts';
import { badOption, RUN_OPTION } from '../options.ts';
import { EXIT } from '../terminal.ts';

const FORMATS: readonly FigureFormat[] = ['png', 'svg', 'pdf'];
/** Beyond these a figure has no readable letters, or more pixels than viewers open. */
const MIN_DPI = 72;
const MAX_DPI = 1200;

/** `sorted-eval figures [sweep.yaml | --db results.db]` */
export const figuresCommand = defineCommand({
  command: 'figures [sweep]',
  describe: 'draw the figures from stored results',
  builder: (args) =>
    args
      .positional('sweep', SWEEP_ARGUMENT)
      .option('db', { type: 'string', conflicts: 'sweep', describe: 'results file, instead of a sweep file' })
      .option('run', { ...RUN_OPTION, implies: 'db' })
      .option('out', { type: 'string', implies: 'db', describe: 'folder  [default: beside the results]' })
      .option('format', { type: 'string', default: 'png', describe: 'png, svg, pdf, or several: png,pdf' })
      .option('dpi', { type: 'number', default: DEFAULT_DPI, describe: 'pixels per inch of the PNGs' }),
  run: ({ sweep, db, run, out, format, dpi }, terminal) => {
    const options = { formats: formatsOf(format), dpi: requireDpi(dpi) };
    const paths =
      db === undefined
        ? withStoredRun(sweep, terminal, (stored) => figuresStage(stored, options))
        : drawFromFile(db, run, { ...options, folder: out ?? dirname(db) });
    printFigures(terminal, paths);
    return EXIT.done;
  },
});

function drawFromFile(
  db: string,
  run: string | undefined,
  options: FigureOptions & { readonly folder: string },
): string[] {
  const store = openResults(db);
  try {
    return drawFigures(store, findRun(store, run), options);
  } finally {
    store.close();
  }
}

function formatsOf(list: string): FigureFormat[] {
  const names = [...new Set(list.split(',').map((name) => name.trim().toLowerCase()))];
  const unknown = names.find((name) => !FORMATS.includes(name as FigureFormat));
  if (unknown === undefined) return names as FigureFormat[];
  const expected = `some of ${FORMATS.join(', ')}, with commas between`;
  throw badOption('--format', expected, JSON.stringify(unknown), 'For example --format png,pdf.');
}

function requireDpi(dpi: number): number {
  if (dpi >= MIN_DPI && dpi <= MAX_DPI) return dpi;
  throw badOption('--dpi', `a number from ${MIN_DPI} to ${MAX_DPI}`, `${dpi}`, 'Print usually takes 300.');
}
