import { basename, join } from 'node:path';
import type { Policy } from '../../core/domain.ts';
import { writeOutput } from '../../core/write-output.ts';
import { DEFAULT_DPI, type FigureFormat, renderFigure } from '../../figures/files/canvas.ts';
import type { FigureStamp } from '../../figures/files/stamp.ts';
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
}

export type FiguresContext = Pick<RunContext, 'store' | 'run'> & ConfigContext<'name' | 'output' | 'policy'>;

const DEFAULT_FIGURES: FigureOptions = { formats: ['png'], dpi: DEFAULT_DPI };

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
  { folder, formats, dpi, policy }: FigureOptions & { readonly folder: string; readonly policy?: Policy },
): string[] {
  const head = readRunHead(store, run)!;
  const choice = { policy: policy ?? head.policy ?? 'average' };
  const isUsual = dpi === DEFAULT_DPI;
  const stamp = stampOf(store, run, `sorted-eval figures${isUsual ? '' : ` --dpi ${dpi}`}`);
  return FIGURES.flatMap((figure) => {
    const drawn = drawRunFigure(store, head, figure, choice);
    if (!drawn) return [];
    return formats.map((format) => {
      const path = join(folder, `${figure.name}.${format}`);
      writeFigure(path, renderFigure(drawn, { format, dpi, stamp }));
      return path;
    });
  });
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

export function writeFigure(path: string, bytes: Buffer): void {
  writeOutput(path, bytes, 'a figure', 'Name an output directory that is writable.');
}
