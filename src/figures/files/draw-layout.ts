/** Draws a figure with whatever has the methods of a canvas: in Node a picture, in the browser a picture or an SVG. */
import type { Plugin } from 'chart.js';
import { type Context2D, contextOf } from '../chart/drawing-context.ts';
import type { PanelConfig } from '../chart/figure.ts';
import type { Layout, PlacedPanel, PlacedText } from '../chart/figure-layout.ts';
import { panelCanvas } from '../chart/panel-canvas.ts';
import { cssFont, PAPER, type TextStyle } from '../chart/style.ts';
import { pixelGrid } from './pixel-grid.ts';

/** Chart.js' class; what it draws on differs. */
type ChartClass = new (canvas: never, config: never) => { destroy(): void };

/** Width of a text in CSS pixels. */
export function measureText(context: Context2D, text: string, style: TextStyle): number {
  context.lang = 'en';
  context.font = cssFont(style);
  return context.measureText(text).width;
}

/** Everything of a figure, in its place. @param scale sheet units for each CSS pixel */
export function drawLayout(context: Context2D, layout: Layout, scale: number, chart: ChartClass): void {
  context.lang = 'en';
  context.scale(scale, scale);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, layout.widthPx, layout.heightPx);
  for (const placed of layout.panels) drawPanel(context, placed, scale, chart);
  context.textBaseline = 'middle';
  for (const text of layout.texts) drawText(context, text);
}

/** What Chart.js leaves behind in the context ends with the panel. */
function drawPanel(context: Context2D, placed: PlacedPanel, scale: number, chart: ChartClass): void {
  const { panel, x, y } = placed;
  const { widthPx, heightPx } = panel;
  context.save();
  context.beginPath();
  context.rect(x, y, widthPx, heightPx);
  context.clip();
  const canvas = panelCanvas(context, { x, y, widthPx, heightPx, scale });
  new chart(canvas as never, stillImage(panel.config, scale) as never).destroy();
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
function stillImage(config: PanelConfig, scale: number): PanelConfig {
  const options = { ...config.options, responsive: false, animation: false, devicePixelRatio: scale };
  return { ...config, options, plugins: [...(config.plugins ?? []), pixelGrid, language] } as PanelConfig;
}

function drawText(context: Context2D, { text, style, align, x, y }: PlacedText): void {
  context.font = cssFont(style);
  context.fillStyle = style.color;
  context.textAlign = align;
  context.fillText(text, x, y);
}
