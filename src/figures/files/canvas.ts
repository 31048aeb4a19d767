/**
 * The only file that touches the canvas. Same figure, same bytes: the font is bundled, nothing moves, and neither
 * the machine's language nor its fonts take part.
 */
import { createRequire } from 'node:module';
import type { Chart } from 'chart.js';
import type { Context2D } from '../chart/drawing-context.ts';
import type { Figure } from '../chart/figure.ts';
import { type Layout, layOut } from '../chart/figure-layout.ts';
import { SCREEN } from '../chart/sheet.ts';
import { FONT_FAMILY, PIXEL_RATIO } from '../chart/style.ts';
import { drawLayout, measureText } from './draw-layout.ts';
import { withPngTexts } from './png-text.ts';
import { type FigureStamp, stampTexts } from './stamp.ts';
import { withSvgTexts } from './svg-text.ts';

export type FigureFormat = 'png' | 'svg' | 'pdf';

export interface RenderOptions {
  /** Default `png`. SVG has its letters as outlines, so that it needs no font; PDF holds the font. */
  readonly format?: FigureFormat;
  /** Pixels of a PNG for 96 CSS pixels of the figure. Default {@link DEFAULT_DPI}. */
  readonly dpi?: number;
  /** Written into the file, where the figure is one of a run. */
  readonly stamp?: FigureStamp;
  /** Letters of an SVG stay text, in whatever font its reader has. Default: outlines. */
  readonly svgText?: boolean | undefined;
}

/** What is used of @napi-rs/canvas: its own types need those of the DOM. */
interface NativeCanvas {
  getContext(kind: '2d'): Context2D;
  toBuffer(mimeType: 'image/png'): Buffer;
}
interface SvgCanvas {
  getContext(kind: '2d'): Context2D;
  getContent(): Buffer;
}
interface PdfDocument {
  beginPage(width: number, height: number): Context2D;
  endPage(): void;
  close(): Buffer;
}
interface NativeModule {
  readonly GlobalFonts: { registerFromPath(path: string, family: string): unknown };
  readonly SvgExportFlag: { readonly ConvertTextToPaths: number };
  readonly PDFDocument: new (metadata: Record<string, string>) => PdfDocument;
  createCanvas(width: number, height: number): NativeCanvas;
  createCanvas(width: number, height: number, flag: number): SvgCanvas;
}

/** Loaded at the first figure: canvas, fonts and charts take a moment that other commands need not spend. */
interface Library {
  readonly native: NativeModule;
  readonly Chart: typeof Chart;
}

const FONT_FILES = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];
/** A CSS pixel is 1/96 of an inch, PDF's unit 1/72. */
const CSS_DPI = 96;
const PDF_DPI = 72;
/** `PIXEL_RATIO` pixels for each CSS pixel. */
export const DEFAULT_DPI = CSS_DPI * PIXEL_RATIO;

/** @returns the bytes of a file; the same for the same figure and options */
export function renderFigure(figure: Figure, options: RenderOptions = {}): Buffer {
  library ??= loadLibrary();
  const measureContext = library.native.createCanvas(1, 1).getContext('2d');
  const layout = layOut(figure, (text, style) => measureText(measureContext, text, style));
  const texts = stampTexts(figure.title, options.stamp);
  const { scale } = figure.sheet ?? SCREEN;
  const { format = 'png', dpi = DEFAULT_DPI } = options;
  switch (format) {
    case 'png':
      return pngOf(library, layout, texts, dpi, scale);
    case 'svg':
      return svgOf(library, layout, texts, scale, options.svgText ?? false);
    case 'pdf':
      return pdfOf(library, layout, texts, scale);
    default:
      throw new Error(`Unknown format ${format satisfies never}`);
  }
}

type Texts = ReturnType<typeof stampTexts>;

function pngOf(
  { native, Chart }: Library,
  layout: Layout,
  texts: Texts,
  dpi: number,
  natural: number,
): Buffer {
  const scale = (natural * dpi) / CSS_DPI;
  const sheet = native.createCanvas(Math.ceil(layout.widthPx * scale), Math.ceil(layout.heightPx * scale));
  drawLayout(sheet.getContext('2d'), layout, scale, Chart);
  return withPngTexts(sheet.toBuffer('image/png'), texts, dpi);
}

function svgOf(
  { native, Chart }: Library,
  layout: Layout,
  texts: Texts,
  natural: number,
  isText: boolean,
): Buffer {
  const flag = isText ? 0 : native.SvgExportFlag.ConvertTextToPaths;
  const sheet = native.createCanvas(Math.ceil(layout.widthPx), layout.heightPx, flag);
  drawLayout(sheet.getContext('2d'), layout, 1, Chart);
  const size = { widthPx: layout.widthPx, heightPx: layout.heightPx, scale: natural };
  return Buffer.from(withSvgTexts(sheet.getContent().toString('utf8'), texts[0]![1], texts, size));
}

function pdfOf({ native, Chart }: Library, layout: Layout, texts: Texts, natural: number): Buffer {
  const [title = '', creator = '', ...stamp] = texts.map(([, text]) => text);
  const document = new native.PDFDocument({ title, creator, subject: stamp.join('; ') });
  const scale = (natural * PDF_DPI) / CSS_DPI;
  const page = document.beginPage(layout.widthPx * scale, layout.heightPx * scale);
  drawLayout(page, layout, scale, Chart);
  document.endPage();
  return document.close();
}

let library: Library | undefined;

function loadLibrary(): Library {
  const require = createRequire(import.meta.url);
  const native = require('@napi-rs/canvas') as NativeModule;
  registerFonts(native, (file) => require.resolve(file));
  const chart = require('chart.js/auto') as typeof Chart;
  // Registers the chart type 'matrix'.
  require('chartjs-chart-matrix');
  return { native, Chart: chart };
}

function registerFonts({ GlobalFonts }: NativeModule, resolve: (file: string) => string): void {
  for (const file of FONT_FILES) {
    const path = resolve(`@expo-google-fonts/inter/${file}`);
    // Without this check a figure would be drawn in whatever font the machine has.
    if (!GlobalFonts.registerFromPath(path, FONT_FAMILY))
      throw new Error(`${path}: the font cannot be loaded`);
  }
}
