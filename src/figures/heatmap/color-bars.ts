import type { ChartArea, Plugin } from 'chart.js';
import { type Context2D, contextOf } from '../chart/drawing-context.ts';
import { tickText } from '../chart/format-number.ts';
import { colorAt } from '../chart/palette.ts';
import { AXIS_TITLE, cssFont, INK, LABEL } from '../chart/style.ts';
import type { HeatmapScale } from './heatmap-types.ts';

const BAR_OFFSET_PX = 16;
const BAR_WIDTH_PX = 14;
const TICK_PX = 4;
const TICK_SHARES = [0, 0.25, 0.5, 0.75, 1];
/** Distance of the bar's label from the bar: room for the widest tick, `−1.00`. */
const LABEL_OFFSET_PX = 48;
/** Of a bar that lies. */
const LYING_TOP_PX = 6;
const LABEL_GAP_PX = 14;

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

/** The same in the middle of a chart without axes: `Score`, the bar, ticks below it. */
export function lyingColorBar(scale: HeatmapScale, lengthPx: number): Plugin<'matrix'> {
  return {
    id: 'lyingColorBar',
    afterDraw(chart) {
      const ctx = contextOf(chart);
      ctx.save();
      ctx.font = cssFont(AXIS_TITLE);
      ctx.textBaseline = 'middle';
      ctx.textAlign = 'right';
      ctx.fillStyle = INK;
      const wordsPx = ctx.measureText(scale.label).width + LABEL_GAP_PX;
      const left = Math.round((chart.width - wordsPx - lengthPx) / 2 + wordsPx);
      ctx.fillText(scale.label, left - LABEL_GAP_PX, LYING_TOP_PX + BAR_WIDTH_PX / 2);
      drawLyingBar(ctx, left, lengthPx, scale);
      ctx.restore();
    },
  };
}

function drawLyingBar(ctx: Context2D, left: number, lengthPx: number, scale: HeatmapScale): void {
  for (let step = 0; step < lengthPx; step++) {
    ctx.fillStyle = colorAt(scale.palette, (step + 0.5) / lengthPx);
    ctx.fillRect(left + step, LYING_TOP_PX, lengthPx - step, BAR_WIDTH_PX);
  }
  ctx.strokeStyle = INK;
  ctx.lineWidth = 1;
  ctx.strokeRect(left, LYING_TOP_PX, lengthPx, BAR_WIDTH_PX);
  ctx.font = cssFont(LABEL);
  ctx.fillStyle = INK;
  ctx.textAlign = 'center';
  const below = LYING_TOP_PX + BAR_WIDTH_PX;
  for (const share of TICK_SHARES) {
    const x = left + share * lengthPx;
    ctx.fillRect(x - 0.5, below, 1, TICK_PX);
    ctx.fillText(
      tickText(scale.min + share * (scale.max - scale.min)),
      x,
      below + TICK_PX + LABEL.sizePx * 0.8,
    );
  }
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
  for (const share of TICK_SHARES) {
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
