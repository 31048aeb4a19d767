/**
 * The only file that touches the canvas. Same figure, same bytes: the font is bundled, nothing moves, and neither
 * the machine's language nor its fonts take part.
 */
import { createRequire } from 'node:module';
import type { Chart, Plugin } from 'chart.js';
import { type Context2D, contextOf } from './context.ts';
import type { Figure, PanelConfig } from './figure.ts';
import { type Layout, layOut, type PlacedPanel, type PlacedText } from './layout.ts';
import { panelCanvas } from './panel-canvas.ts';
import { cssFont, FONT_FAMILY, PAPER, PIXEL_RATIO, type TextStyle } from './style.ts';

/** What is used of @napi-rs/canvas: its own types need those of the DOM. */
interface NativeCanvas {
  getContext(kind: '2d'): Context2D;
  toBuffer(mimeType: 'image/png'): Buffer;
}
interface NativeModule {
  readonly GlobalFonts: { registerFromPath(path: string, family: string): unknown };
  createCanvas(width: number, height: number): NativeCanvas;
}

/** Loaded at the first figure: canvas, fonts and charts take a moment that other commands need not spend. */
interface Library {
  readonly native: NativeModule;
  readonly Chart: typeof Chart;
}

const FONT_FILES = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];

/** @returns PNG with `PIXEL_RATIO` pixels for each CSS pixel of the figure. */
export function renderFigure(figure: Figure): Buffer {
  library ??= loadLibrary();
  const { native } = library;
  const measureContext = native.createCanvas(1, 1).getContext('2d');
  const layout = layOut(figure, (text, style) => measure(measureContext, text, style));
  const sheet = native.createCanvas(layout.widthPx * PIXEL_RATIO, layout.heightPx * PIXEL_RATIO);
  drawLayout(sheet.getContext('2d'), layout, PIXEL_RATIO, library.Chart);
  return sheet.toBuffer('image/png');
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

function measure(context: Context2D, text: string, style: TextStyle): number {
  context.lang = 'en';
  context.font = cssFont(style);
  return context.measureText(text).width;
}

function drawLayout(context: Context2D, layout: Layout, scale: number, chart: typeof Chart): void {
  context.lang = 'en';
  context.scale(scale, scale);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, layout.widthPx, layout.heightPx);
  for (const placed of layout.panels) drawPanel(context, placed, scale, chart);
  context.textBaseline = 'middle';
  for (const text of layout.texts) drawText(context, text);
}

/** What Chart.js leaves behind in the context ends with the panel. */
function drawPanel(context: Context2D, placed: PlacedPanel, scale: number, chart: typeof Chart): void {
  const { panel, x, y } = placed;
  const { widthPx, heightPx } = panel;
  context.save();
  context.beginPath();
  context.rect(x, y, widthPx, heightPx);
  context.clip();
  const canvas = panelCanvas(context, { x, y, widthPx, heightPx, scale });
  new chart(canvas as never, stillImage(panel.config) as never).destroy();
  context.restore();
}

/** Chart.js resets the context when it sizes the canvas, so the language is set again after that. */
const language: Plugin = {
  id: 'language',
  afterInit: (chart) => {
    contextOf(chart).lang = 'en';
  },
};

/** The caller's configuration stays as it is; a still image needs three options more. */
function stillImage(config: PanelConfig): PanelConfig {
  const options = { ...config.options, responsive: false, animation: false, devicePixelRatio: PIXEL_RATIO };
  return { ...config, options, plugins: [...(config.plugins ?? []), language] } as PanelConfig;
}

function drawText(context: Context2D, { text, style, align, x, y }: PlacedText): void {
  context.font = cssFont(style);
  context.fillStyle = style.color;
  context.textAlign = align;
  context.fillText(text, x, y);
}
