/** How figures are drawn, as options of a command. */
import type { Argv } from 'yargs';
import { defaultDpi, type FigureOptions } from '../evaluate/stages/figures-stage.ts';
import { COLUMN_MM, type PaperColumns } from '../figures/chart/sheet.ts';
import type { FigureFormat } from '../figures/files/canvas.ts';
import { badOption } from './options.ts';

const FORMATS: readonly FigureFormat[] = ['png', 'svg', 'pdf'];
/** Beyond these a figure has no readable letters, or more pixels than viewers open. */
const MIN_DPI = 72;
const MAX_DPI = 1200;

const STYLES = ['screen', 'paper'] as const;
type Style = (typeof STYLES)[number];

const FORMAT_TEXT = 'png, svg, pdf, or several: png,pdf  [default: png, on paper pdf]';
const DPI_TEXT = 'pixels per inch of the PNGs  [default: 192, on paper 600]';
const STYLE_TEXT = 'paper: sizes of a printed page; title and notes in a .txt file beside the figure';
const COLUMNS_TEXT = `columns of the paper that a figure spans: ${COLUMN_MM[1]} or ${COLUMN_MM[2]} mm  [default: 2]`;
const SVG_TEXT = 'letters of SVGs stay text instead of outlines';

export function figureArguments<Args>(args: Argv<Args>) {
  return args
    .option('format', { type: 'string', describe: FORMAT_TEXT })
    .option('dpi', { type: 'number', describe: DPI_TEXT })
    .option('style', { choices: STYLES, default: 'screen' as Style, describe: STYLE_TEXT })
    .option('columns', { choices: [1, 2] as const, describe: COLUMNS_TEXT })
    .option('svg-text', { type: 'boolean', describe: SVG_TEXT });
}

export interface FigureArguments {
  readonly format: string | undefined;
  readonly dpi: number | undefined;
  readonly style: Style;
  readonly columns: PaperColumns | undefined;
  readonly 'svg-text': boolean | undefined;
}

/** @throws InputError `bad-option` */
export function figureOptions({
  format,
  dpi,
  style,
  columns,
  'svg-text': svgText,
}: FigureArguments): FigureOptions {
  const isPaper = style === 'paper';
  if (!isPaper && columns !== undefined)
    throw badOption('--columns', 'it with --style paper', `--style ${style}`, 'Add --style paper.');
  const width = isPaper ? (columns ?? 2) : undefined;
  return {
    formats: formatsOf(format ?? (isPaper ? 'pdf' : 'png')),
    dpi: requireDpi(dpi ?? defaultDpi(width)),
    columns: width,
    svgText,
  };
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
