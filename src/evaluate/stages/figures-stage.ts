import { basename, join } from 'node:path';
import type { Policy } from '../../core/domain.ts';
import { writeOutput } from '../../core/write-output.ts';
import type { Figure } from '../../figures/chart/figure.ts';
import { type PaperColumns, paperSheet, type Sheet } from '../../figures/chart/sheet.ts';
import { DEFAULT_DPI, type FigureFormat, renderFigure, withMissingNote } from '../../figures/files/canvas.ts';
import type { FigureStamp } from '../../figures/files/stamp.ts';
import { captionOf } from '../../figures/paper/paper-figure.ts';
import { FIGURES } from '../../figures/run/figure-list.ts';
import { drawRunFigure } from '../../figures/run/run-figure.ts';
import type { Store } from '../../store/database.ts';
import { readRunSha256 } from '../../store/read/run-hash.ts';
import { readRunHead } from '../../store/read/run-head.ts';
import type { ConfigContext, RunContext } from '../plan/run-context.ts';

export interface FigureOptions {
  readonly formats: readonly FigureFormat[];
  /** Of the PNGs. */
  readonly dpi: number;
  /** For a paper: so many of its columns wide, with title and notes in a file beside the figure. Default: for a screen. */
  readonly columns?: PaperColumns | undefined;
  /** Letters of SVGs stay text. */
  readonly svgText?: boolean | undefined;
}

export type FiguresContext = Pick<RunContext, 'store' | 'run'> & ConfigContext<'name' | 'output' | 'policy'>;

const PRINT_DPI = 600;
export const DEFAULT_FIGURES: FigureOptions = { formats: ['png'], dpi: DEFAULT_DPI };

/**
 * Draws the figures that the stored results allow and writes them beside the results file; those of a further run of one
 * name into a folder of that run.
 * @returns paths of the files
 */
export function figuresStage({ store, run, config }: FiguresContext, options = DEFAULT_FIGURES): string[] {
  const folder = run === config.name ? config.output : join(config.output, run.replace(/[^\w.~-]+/g, '_'));
  return drawFigures(store, run, { ...options, folder, policy: config.policy });
}

/**
 * The same from a results file alone.
 * @param options `policy`: default is the run's own
 */
export function drawFigures(
  store: Store,
  run: string,
  { folder, policy, ...options }: FigureOptions & { readonly folder: string; readonly policy?: Policy },
): string[] {
  const head = readRunHead(store, run)!;
  const choice = { policy: policy ?? head.policy ?? 'average', sheet: sheetOf(options) };
  const stamp = stampOf(store, run, `sorted-eval figures${optionsText(options)}`);
  return FIGURES.flatMap((figure) => {
    const drawn = drawRunFigure(store, head, figure, choice);
    return drawn ? writeFigure(join(folder, figure.name), drawn, options, stamp) : [];
  });
}

export function sheetOf({ columns }: FigureOptions): Sheet | undefined {
  return columns === undefined ? undefined : paperSheet(columns);
}

/** What of the options changes the picture; formats show the same. */
export function optionsText({ dpi, columns, svgText }: FigureOptions): string {
  return [
    columns === undefined ? '' : ' --style paper',
    columns === 1 ? ' --columns 1' : '',
    dpi === defaultDpi(columns) ? '' : ` --dpi ${dpi}`,
    svgText === true ? ' --svg-text' : '',
  ].join('');
}

/** What is usual on a screen, and what printers resolve. */
export function defaultDpi(columns: PaperColumns | undefined): number {
  return columns === undefined ? DEFAULT_DPI : PRINT_DPI;
}

/** @param base path without the extension. @returns paths of the files, the caption's at last */
export function writeFigure(
  base: string,
  figure: Figure,
  { formats, dpi, columns, svgText }: FigureOptions,
  stamp: FigureStamp,
): string[] {
  const named = columns === undefined ? base : `${base}-paper`;
  const paths = formats.map((format) => {
    writeFile(`${named}.${format}`, renderFigure(figure, { format, dpi, stamp, svgText }));
    return `${named}.${format}`;
  });
  if (columns === undefined) return paths;
  writeFile(`${named}.txt`, Buffer.from(captionOf(withMissingNote(figure))));
  return [...paths, `${named}.txt`];
}

/** The command names files without their folders: a figure has the same bytes in every folder. */
export function stampOf(store: Store, run: string, command: string): FigureStamp {
  const named = /\s/.test(run) ? JSON.stringify(run) : run;
  return {
    run,
    runSha256: readRunSha256(store, run)!,
    command: `${command} --db ${basename(store.path)} --run ${named}`,
  };
}

function writeFile(path: string, bytes: Buffer): void {
  writeOutput(path, bytes, 'a figure', 'Name an output directory that is writable.');
}
