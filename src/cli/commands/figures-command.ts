import { dirname } from 'node:path';
import type { CommandModule } from 'yargs';
import { InputError } from '../../core/errors.ts';
import { closeSweep } from '../../evaluate/open-sweep.ts';
import { chooseRun } from '../../evaluate/plan/choose-run.ts';
import { drawFigures, type FigureOptions, figuresStage } from '../../evaluate/stages/figures-stage.ts';
import { DEFAULT_DPI, type FigureFormat } from '../../figures/files/canvas.ts';
import { openReadOnlyStore } from '../../store/database.ts';
import { progressOn } from '../../terminal/progress-bars.ts';
import type { Terminal } from '../cli.ts';
import { openNamed, printFigures } from './sweep-command.ts';

interface FigureArguments {
  sweep: string | undefined;
  db: string | undefined;
  run: string | undefined;
  out: string | undefined;
  format: string;
  dpi: number;
}

const FORMATS: readonly FigureFormat[] = ['png', 'svg', 'pdf'];
/** Beyond these a figure has no readable letters, or more pixels than viewers open. */
const DPI_RANGE = [72, 1200] as const;

/** `sorted-eval figures [sweep.yaml | --db results.db]` */
export function figuresCommand(terminal: Terminal): CommandModule<object, FigureArguments> {
  return {
    command: 'figures [sweep]',
    describe: 'draw the figures from stored results',
    builder: (args) =>
      args
        .positional('sweep', { type: 'string', describe: 'sweep file (YAML); none: the bundled nano run' })
        .option('db', {
          type: 'string',
          conflicts: 'sweep',
          describe: 'results file, instead of a sweep file',
        })
        .option('run', { type: 'string', implies: 'db', describe: 'run in it; needed where it has several' })
        .option('out', { type: 'string', implies: 'db', describe: 'folder  [default: beside the results]' })
        .option('format', { type: 'string', default: 'png', describe: 'png, svg, pdf, or several: png,pdf' })
        .option('dpi', { type: 'number', default: DEFAULT_DPI, describe: "PNGs' pixels an inch" }),
    handler: async ({ format, dpi, ...source }) => {
      const options = { formats: formatsOf(format), dpi: checkDpi(dpi) };
      const { db } = source;
      const paths = db === undefined ? await ofSweep(terminal, source, options) : ofFile(db, source, options);
      printFigures(terminal, paths);
    },
  };
}

type Source = Omit<FigureArguments, 'format' | 'dpi'>;

async function ofSweep({ stderr, signal }: Terminal, source: Source, options: FigureOptions) {
  const sweep = await openNamed(source.sweep, { progress: progressOn(stderr), signal });
  try {
    return figuresStage(sweep, options);
  } finally {
    closeSweep(sweep);
  }
}

function ofFile(db: string, { run, out }: Source, options: FigureOptions): string[] {
  const store = openReadOnlyStore(db);
  try {
    return drawFigures(store, chooseRun(store, run), { ...options, folder: out ?? dirname(db) });
  } finally {
    store.close();
  }
}

function formatsOf(list: string): FigureFormat[] {
  const names = [...new Set(list.split(',').map((name) => name.trim().toLowerCase()))];
  const unknown = names.find((name) => !FORMATS.includes(name as FigureFormat));
  if (unknown === undefined) return names as FigureFormat[];
  throw new InputError({
    code: 'bad-option',
    where: '--format',
    expected: `some of ${FORMATS.join(', ')}, with commas between`,
    found: JSON.stringify(unknown),
    fix: 'For example --format png,pdf.',
  });
}

function checkDpi(dpi: number): number {
  const [low, high] = DPI_RANGE;
  if (dpi >= low && dpi <= high) return dpi;
  throw new InputError({
    code: 'bad-option',
    where: '--dpi',
    expected: `a number from ${low} to ${high}`,
    found: `${dpi}`,
    fix: 'Print usually takes 300.',
  });
}
