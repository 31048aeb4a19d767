/** Figures for programs: no type of these functions is one of Chart.js', whose types want a browser's. */

import { renderFigure } from '../../figures/files/canvas.ts';
import { FIGURES } from '../../figures/run/figure-list.ts';
import { drawRunFigure } from '../../figures/run/run-figure.ts';
import type { Store } from '../../store/database.ts';
import { readRunHead } from '../../store/read/run-head.ts';
import { defaultDpi, drawFigures } from './figures-stage.ts';

export interface FigureFiles {
  /** Where they are written. */
  readonly folder: string;
  /** Default: `png`. */
  readonly formats?: readonly ('png' | 'svg' | 'pdf')[];
  /** Pixels per inch of PNGs. Default: as the command has it. */
  readonly dpi?: number;
}

/**
 * Writes the figures that the stored results of a run allow.
 * @returns paths of the files
 */
export function writeFigures(store: Store, run: string, options: FigureFiles): string[] {
  const { folder, formats = ['png'], dpi = defaultDpi(undefined) } = options;
  return drawFigures(store, run, { folder, formats, dpi });
}

/**
 * One figure of a run (`scores`, `kl`, `quality-speed`, `memory`) as the bytes of a file; undefined where nothing is stored for it.
 * @throws RangeError for another name
 */
export function renderRunFigure(
  store: Store,
  run: string,
  name: string,
  format: 'png' | 'svg' | 'pdf' = 'png',
): Uint8Array | undefined {
  const figure = FIGURES.find((one) => one.name === name);
  const head = readRunHead(store, run);
  if (!figure || !head) throw new RangeError(`no figure ${name} of run ${run}`);
  const drawn = drawRunFigure(store, head, figure, { policy: head.policy ?? 'average' });
  return drawn && renderFigure(drawn, { format });
}
