/**
 * The only file that touches the canvas. Same figure, same bytes: the font is bundled, nothing moves, and neither
 * the machine's language nor its fonts take part.
 */
import type { Context2D } from '../chart/drawing-context.ts';
import type { Figure } from '../chart/figure.ts';
import { type Layout, layOut } from '../chart/figure-layout.ts';
import { SCREEN } from '../chart/sheet.ts';
import { PIXEL_RATIO } from '../chart/style.ts';
import { type Library, loadLetters, loadLibrary } from './canvas-library.ts';
import { drawLayout, measureText } from './draw-layout.ts';
import { type Letters, missingNote, withFallbacks, withoutLetters } from './fallback-fonts.ts';
import { withPngTexts } from './png-text.ts';
import { type FigureStamp, stampTexts } from './stamp.ts';
import { textElement, withLetters } from './svg-letters.ts';
import { withSvgTexts } from './svg-text.ts';
import { type Watch, watchedContext } from './watched-context.ts';

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

/** A CSS pixel is 1/96 of an inch, PDF's unit 1/72. */
const CSS_DPI = 96;
const PDF_DPI = 72;
/** `PIXEL_RATIO` pixels for each CSS pixel. */
export const DEFAULT_DPI = CSS_DPI * PIXEL_RATIO;

/** A figure on its way into a file. */
interface Drawing {
  readonly library: Library;
  readonly layout: Layout;
  readonly texts: ReturnType<typeof stampTexts>;
  /** CSS pixels of the file for each of the figure. */
  readonly natural: number;
  readonly watch: Watch | undefined;
}

/** @returns the bytes of a file; the same for the same figure and options */
export function renderFigure(figure: Figure, options: RenderOptions = {}): Buffer {
  const drawing = drawingOf(withMissingNote(figure), options);
  const { format = 'png', dpi = DEFAULT_DPI, svgText = false } = options;
  switch (format) {
    case 'png':
      return pngOf(drawing, dpi);
    case 'svg':
      return svgOf(drawing, svgText);
    case 'pdf':
      return pdfOf(drawing);
    default:
      throw new Error(`Unknown format ${format satisfies never}`);
  }
}

/** The figure with a note of the letters that no font here has. */
export function withMissingNote(figure: Figure): Figure {
  const notes = missingNote(lettersOf(figure).missing);
  return notes.every((note) => figure.footer.includes(note))
    ? figure
    : { ...figure, footer: [...figure.footer, ...notes] };
}

/** All its words stand in titles, notes and configurations. */
function lettersOf(figure: Figure): Letters {
  return loadLetters(loadLibrary(), JSON.stringify(figure));
}

function drawingOf(figure: Figure, options: RenderOptions): Drawing {
  const library = loadLibrary();
  const watch = watchOf(lettersOf(figure));
  const context = watched(library.native.createCanvas(1, 1).getContext('2d'), watch);
  const layout = layOut(figure, (text, style) => measureText(context, text, style));
  const { scale } = figure.sheet ?? SCREEN;
  return { library, layout, texts: stampTexts(figure.title, options.stamp), natural: scale, watch };
}

/** Figures whose letters are all in their own font are drawn as they are. */
function watchOf({ fonts, missing }: Letters): Watch | undefined {
  if (fonts.length === 0 && missing.length === 0) return undefined;
  return {
    font: (font) => withFallbacks(font, fonts),
    text: (text) => withoutLetters(text, missing),
  };
}

function watched(context: Context2D, watch: Watch | undefined): Context2D {
  return watch === undefined ? context : watchedContext(context, watch);
}

function pngOf({ library, layout, texts, natural, watch }: Drawing, dpi: number): Buffer {
  const scale = (natural * dpi) / CSS_DPI;
  const [width, height] = [layout.widthPx, layout.heightPx].map((px) => Math.ceil(px * scale));
  const sheet = library.native.createCanvas(width!, height!);
  drawLayout(watched(sheet.getContext('2d'), watch), layout, scale, library.Chart);
  return withPngTexts(sheet.toBuffer('image/png'), texts, dpi);
}

function svgOf({ library, layout, texts, natural, watch }: Drawing, isText: boolean): Buffer {
  const { native, Chart } = library;
  const { ConvertTextToPaths } = native.SvgExportFlag;
  const sheet = native.createCanvas(Math.ceil(layout.widthPx), layout.heightPx, ConvertTextToPaths);
  const letters: string[] = [];
  const fillText: Watch['fillText'] = (...drawn) => letters.push(textElement(...drawn));
  const context = watched(sheet.getContext('2d'), isText ? { ...watch, fillText } : watch);
  drawLayout(context, layout, 1, Chart);
  const size = { widthPx: layout.widthPx, heightPx: layout.heightPx, scale: natural };
  const svg = withSvgTexts(sheet.getContent().toString('utf8'), texts[0]![1], texts, size);
  return Buffer.from(withLetters(svg, letters));
}

function pdfOf({ library, layout, texts, natural, watch }: Drawing): Buffer {
  const [title = '', creator = '', ...stamp] = texts.map(([, text]) => text);
  const document = new library.native.PDFDocument({ title, creator, subject: stamp.join('; ') });
  const scale = (natural * PDF_DPI) / CSS_DPI;
  const page = document.beginPage(layout.widthPx * scale, layout.heightPx * scale);
  drawLayout(watched(page, watch), layout, scale, library.Chart);
  document.endPage();
  return document.close();
}
