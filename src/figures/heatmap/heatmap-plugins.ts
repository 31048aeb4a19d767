import type { ChartArea, Plugin } from 'chart.js';
import { type Context2D, contextOf } from '../chart/drawing-context.ts';
import type { HeatmapPoint } from '../chart/figure.ts';
import { tickText } from '../chart/format-number.ts';
import { colorAt } from '../chart/palette.ts';
import { AXIS_TITLE, cssFont, INK, LABEL, MUTED_INK, type TextStyle } from '../chart/style.ts';
import type { HeatmapScale } from './heatmap-types.ts';

const BAR_OFFSET_PX = 16;
const BAR_WIDTH_PX = 14;
const TICK_PX = 4;
/** Distance of the bar's label from the bar: room for the widest tick, `−1.00`. */
const LABEL_OFFSET_PX = 48;
const BORDER_DASH = [4, 3];
const BORDER_INSET_PX = 1;
const CELL_TEXT: TextStyle = { ...LABEL, sizePx: 14 };

/** Dashed borders inside the cells whose numbers chance explains: their tint alone would not be told from a small number. */
export const chanceBorders: Plugin<'matrix'> = {
  id: 'chanceBorders',
  afterDatasetsDraw(chart) {
    const ctx = contextOf(chart);
    const marks = chart.getDatasetMeta(0).data as unknown as readonly Rectangle[];
    ctx.save();
    ctx.strokeStyle = MUTED_INK;
    ctx.lineWidth = 1;
    ctx.setLineDash(BORDER_DASH);
    for (const [index, point] of (chart.data.datasets[0]!.data as unknown as HeatmapPoint[]).entries()) {
      if (!point.isChance) continue;
      const { x, y, width, height } = marks[index]!;
      ctx.strokeRect(
        x + BORDER_INSET_PX,
        y + BORDER_INSET_PX,
        width - 2 * BORDER_INSET_PX,
        height - 2 * BORDER_INSET_PX,
      );
    }
    ctx.restore();
  },
};

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Writes each cell's text into it. */
export const cellTexts: Plugin<'matrix'> = {
  id: 'cellTexts',
  afterDatasetsDraw(chart) {
    const ctx = contextOf(chart);
    const { x, y } = chart.scales;
    ctx.save();
    ctx.font = cssFont(CELL_TEXT);
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    for (const point of chart.data.datasets[0]!.data as unknown as HeatmapPoint[]) {
      ctx.fillStyle = point.ink;
      ctx.fillText(
        point.text,
        x!.getPixelForValue(chart.data.labels!.indexOf(point.x)),
        y!.getPixelForValue(y!.getLabels().indexOf(point.y)),
      );
    }
    ctx.restore();
  },
};

/** The scale's colors at the right of the matrix, with numbers and label. */
export function colorBar(scale: HeatmapScale): Plugin<'matrix'> {
  return {
    id: 'colorBar',
    afterDraw(chart) {
      const { chartArea } = chart;
      const ctx = contextOf(chart);
      ctx.save();
      drawBar(ctx, chartArea, scale);
      drawTicks(ctx, chartArea, scale);
      drawLabel(ctx, chartArea, scale.label);
      ctx.restore();
    },
  };
}

function drawBar(ctx: Context2D, area: ChartArea, scale: HeatmapScale): void {
  const left = area.right + BAR_OFFSET_PX;
  // Steps and no gradient: the canvas mixes colors with the processor's own arithmetic. Each covers the rest of the bar, so
  // that no edge shows what is behind.
  const steps = Math.ceil(area.height);
  for (let step = 0; step < steps; step++) {
    const top = area.top + (step / steps) * area.height;
    ctx.fillStyle = colorAt(scale.palette, 1 - (step + 0.5) / steps);
    ctx.fillRect(left, top, BAR_WIDTH_PX, area.bottom - top);
  }
  ctx.strokeStyle = INK;
  ctx.lineWidth = 1;
  ctx.strokeRect(left, area.top, BAR_WIDTH_PX, area.height);
}

function drawTicks(ctx: Context2D, area: ChartArea, scale: HeatmapScale): void {
  const left = area.right + BAR_OFFSET_PX + BAR_WIDTH_PX;
  ctx.font = cssFont(LABEL);
  ctx.fillStyle = INK;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const y = area.bottom - share * area.height;
    ctx.fillRect(left, y - 0.5, TICK_PX, 1);
    ctx.fillText(tickText(scale.min + share * (scale.max - scale.min)), left + TICK_PX + 4, y);
  }
}

function drawLabel(ctx: Context2D, area: ChartArea, label: string): void {
  ctx.font = cssFont(AXIS_TITLE);
  ctx.textAlign = 'center';
  ctx.translate(area.right + BAR_OFFSET_PX + BAR_WIDTH_PX + LABEL_OFFSET_PX, (area.top + area.bottom) / 2);
  ctx.rotate(-Math.PI / 2);
  ctx.fillText(label, 0, 0);
}
