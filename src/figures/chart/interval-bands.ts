import type { Chart, Plugin } from 'chart.js';
import { contextOf } from './drawing-context.ts';
import type { LinePoint } from './figure.ts';
import { shownPixel } from './shown.ts';

/** Opacity as two hex digits. */
const FIRM = '24';
const FAINT = '10';
const WHISKER = '80';

/** A point with both ends of its interval. */
type Bounded = LinePoint & { readonly low: number; readonly high: number };

/** Fills what lies between the ends of each line's intervals, below all lines; one point alone gets a whisker. */
export const intervalBands: Plugin<'line'> = {
  id: 'intervalBands',
  beforeDatasetsDraw(chart) {
    const ctx = contextOf(chart);
    const { left, top, width, height } = chart.chartArea;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    for (const [index, { data, borderColor }] of chart.data.datasets.entries()) {
      if (!chart.isDatasetVisible(index)) continue;
      for (const stretch of stretchesOf(data as unknown as LinePoint[]))
        drawStretch(chart, stretch, borderColor as string);
    }
    ctx.restore();
  },
};

/** Neighbors with intervals, as far as they are all firm or all faint; where that changes, both have the point. */
export function stretchesOf(points: readonly LinePoint[]): Bounded[][] {
  const stretches: Bounded[][] = [];
  let open: Bounded[] = [];
  for (const point of points) {
    if (!isBounded(point)) {
      open = [];
      continue;
    }
    const last = open.at(-1);
    if (last === undefined || (open.length > 1 && point.isFaint !== last.isFaint)) {
      open = last === undefined ? [] : [last];
      stretches.push(open);
    }
    open.push(point);
  }
  return stretches;
}

const isBounded = (point: LinePoint): point is Bounded =>
  point.y !== null && typeof point.low === 'number' && typeof point.high === 'number';

function drawStretch(chart: Chart, stretch: readonly Bounded[], color: string): void {
  const ctx = contextOf(chart);
  const place = (x: number, y: number) =>
    [
      shownPixel(chart.scales['x']!.getPixelForValue(x)),
      shownPixel(chart.scales['y']!.getPixelForValue(y)),
    ] as const;
  const [first] = stretch;
  ctx.beginPath();
  if (stretch.length === 1) {
    const [x, top] = place(first!.x, first!.high);
    ctx.fillStyle = `${color}${WHISKER}`;
    ctx.fillRect(x - 1, top, 2, place(first!.x, first!.low)[1] - top);
    return;
  }
  ctx.moveTo(...place(first!.x, first!.low));
  for (const { x, high } of stretch) ctx.lineTo(...place(x, high));
  for (const { x, low } of stretch.toReversed()) ctx.lineTo(...place(x, low));
  ctx.fillStyle = `${color}${stretch.at(-1)!.isFaint ? FAINT : FIRM}`;
  ctx.fill();
}
