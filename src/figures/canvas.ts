/**
 * The only file that touches the canvas. Same figure, same bytes: the font is bundled, nothing moves, and neither
 * the machine's language nor its fonts take part.
 */
import { createRequire } from 'node:module';
import type { Plugin } from 'chart.js';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { type Context2D, contextOf } from './context.ts';
import type { Figure, PanelConfig } from './figure.ts';
import { type Layout, layOut, type PlacedPanel, type PlacedText } from './layout.ts';
import { cssFont, FONT_FAMILY, PAPER, PIXEL_RATIO, type TextStyle } from './style.ts';

/** What is used of @napi-rs/canvas beyond the web's own canvas. */
interface NativeCanvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): Context2D;
  toBuffer(mimeType: 'image/png'): Buffer;
}
interface NativeModule {
  readonly GlobalFonts: { registerFromPath(path: string, family: string): unknown };
}

const FONT_FILES = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];

/** @returns PNG with `PIXEL_RATIO` pixels for each CSS pixel of the figure. */
export function renderFigure(figure: Figure): Buffer {
  painter ??= createPainter();
  return painter.paint(figure);
}

/** Made at the first figure: loading the canvas and the fonts takes a moment that other commands need not spend. */
let painter: FigurePainter | undefined;

function createPainter(): FigurePainter {
  registerFonts();
  // The library asks for a size; every panel has its own.
  return new FigurePainter({ width: 1, height: 1, plugins: { modern: ['chartjs-chart-matrix'] } });
}

/** chartjs-node-canvas' own `registerFont` calls a function that @napi-rs/canvas does not have. */
function registerFonts(): void {
  const require = createRequire(import.meta.url);
  const fromLibrary = createRequire(require.resolve('chartjs-node-canvas'));
  const { GlobalFonts } = fromLibrary('canvas') as NativeModule;
  for (const file of FONT_FILES) {
    const path = require.resolve(`@expo-google-fonts/inter/${file}`);
    // Without this check a figure would be drawn in whatever font the machine has.
    if (!GlobalFonts.registerFromPath(path, FONT_FAMILY))
      throw new Error(`${path}: the font cannot be loaded`);
  }
}

/** The library draws one chart to one file; its canvas and its Chart.js are used here to put several on one sheet. */
class FigurePainter extends ChartJSNodeCanvas {
  paint(figure: Figure): Buffer {
    const layout = layOut(figure, (text, style) => this.#measure(text, style));
    const sheet = this.#canvas(layout.widthPx * PIXEL_RATIO, layout.heightPx * PIXEL_RATIO);
    const context = sheet.getContext('2d');
    context.lang = 'en';
    context.fillStyle = PAPER;
    context.fillRect(0, 0, sheet.width, sheet.height);
    for (const placed of layout.panels) this.#drawPanel(context, placed);
    drawTexts(context, layout);
    return sheet.toBuffer('image/png');
  }

  #canvas(width: number, height: number): NativeCanvas {
    return this._createCanvas(width, height) as unknown as NativeCanvas;
  }

  #measure(text: string, style: TextStyle): number {
    const context = this.#canvas(1, 1).getContext('2d');
    context.lang = 'en';
    context.font = cssFont(style);
    return context.measureText(text).width;
  }

  #drawPanel(context: Context2D, { panel, x, y }: PlacedPanel): void {
    const canvas = this.#canvas(panel.widthPx, panel.heightPx);
    const chart = new this._chartJs(canvas.getContext('2d') as never, forCanvas(panel.config) as never);
    context.drawImage(canvas, x * PIXEL_RATIO, y * PIXEL_RATIO);
    chart.destroy();
  }
}

/** Chart.js resets the context when it sizes the canvas, so the language is set again after that. */
const language: Plugin = {
  id: 'language',
  afterInit: (chart) => {
    contextOf(chart).lang = 'en';
  },
};

/** The caller's configuration stays as it is; a still image in the right number of pixels needs three options more. */
function forCanvas(config: PanelConfig): PanelConfig {
  const options = { ...config.options, responsive: false, animation: false, devicePixelRatio: PIXEL_RATIO };
  return { ...config, options, plugins: [...(config.plugins ?? []), language] } as PanelConfig;
}

function drawTexts(context: Context2D, layout: Layout): void {
  context.scale(PIXEL_RATIO, PIXEL_RATIO);
  context.textBaseline = 'middle';
  for (const text of layout.texts) drawText(context, text);
}

function drawText(context: Context2D, { text, style, align, x, y }: PlacedText): void {
  context.font = cssFont(style);
  context.fillStyle = style.color;
  context.textAlign = align;
  context.fillText(text, x, y);
}
