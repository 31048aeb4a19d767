/** A chart as a file, drawn by the code that draws the files of a sweep: light, as wide as there, with title and notes. */
import { BasicPlatform, Chart } from 'chart.js';
import { MatrixController, MatrixElement } from 'chartjs-chart-matrix';
import { Context } from 'svgcanvas';
import type { Context2D } from '../../../figures/chart/drawing-context.ts';
import type { Figure, Panel, PanelConfig } from '../../../figures/chart/figure.ts';
import { type Layout, layOut } from '../../../figures/chart/figure-layout.ts';
import { SCREEN } from '../../../figures/chart/sheet.ts';
import { FONT_FAMILY, PIXEL_RATIO } from '../../../figures/chart/style.ts';
import { drawLayout, measureText } from '../../../figures/files/draw-layout.ts';

Chart.register(MatrixController, MatrixElement);

/** Title and notes need some width, whatever the chart needs. */
const MIN_WIDTH_PX = 640;
const SVG_FAMILY = `'${FONT_FAMILY}', Inter, Helvetica, Arial, sans-serif`;

/** The figure with one of its panels alone, and without the lines of these labels. */
export function onePanel(figure: Figure, panel: Panel, hidden: ReadonlySet<string>): Figure {
  const datasets = panel.config.data.datasets.filter(({ label }) => !hidden.has(label ?? ''));
  const config = { ...panel.config, data: { ...panel.config.data, datasets } } as PanelConfig;
  const widthPx = Math.max(MIN_WIDTH_PX, panel.widthPx + 2 * SCREEN.marginPx);
  return { ...figure, widthPx, panels: [{ ...panel, config }] };
}

export function pngOf(figure: Figure): Promise<Blob> {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d') as unknown as Context2D;
  const layout = laidOut(figure, context);
  canvas.width = Math.ceil(layout.widthPx * PIXEL_RATIO);
  canvas.height = Math.ceil(layout.heightPx * PIXEL_RATIO);
  drawLayout(context, layout, PIXEL_RATIO, StillChart);
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob === null ? fail(new Error('no picture was made')) : done(blob)));
  });
}

/** Its texts are text, and it carries the page's letters; programs that cannot read those have others. */
export function svgOf(figure: Figure): Blob {
  const layout = laidOut(figure, new Context(1, 1));
  const context = new Context(Math.ceil(layout.widthPx), Math.ceil(layout.heightPx));
  drawLayout(context, layout, 1, StillChart);
  const svg = context
    .getSerializedSvg()
    .replaceAll(/font-family="[^"]*"/g, `font-family="${SVG_FAMILY}"`)
    .replace('<defs', () => `<style>${fontRule()}</style><defs`);
  return new Blob([svg], { type: 'image/svg+xml' });
}

/** The first of the page's own, which has Latin letters, digits and signs. */
function fontRule(): string {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  return rules.find((rule) => rule instanceof CSSFontFaceRule)?.cssText ?? '';
}

function laidOut(figure: Figure, context: Context2D): Layout {
  return layOut(figure, (text, style) => measureText(context, text, style));
}

/** In a browser Chart.js would look for the element that it draws on. */
class StillChart extends Chart {
  constructor(item: never, config: object) {
    super(item, { ...config, platform: BasicPlatform } as never);
  }
}
