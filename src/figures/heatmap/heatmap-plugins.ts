import type { Plugin } from 'chart.js';
import { type Context2D, contextOf } from '../chart/drawing-context.ts';
import type { HeatmapPoint } from '../chart/figure.ts';
import { fixed } from '../chart/format-number.ts';
import { cssFont, LABEL, MUTED_INK } from '../chart/style.ts';

const BORDER_DASH = [4, 3];
const BORDER_INSET_PX = 1;
/** Between two cells. */
export const CELL_GAP_PX = 2;
const CELL_SIZES_PX = [14, 13, 12.5];

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
    const points = chart.data.datasets[0]!.data as unknown as HeatmapPoint[];
    const form = fittingForm(ctx, points, chart.chartArea.width / chart.data.labels!.length - CELL_GAP_PX);
    if (form === undefined) return;
    ctx.save();
    ctx.font = form.font;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    for (const point of points) {
      ctx.fillStyle = point.ink;
      ctx.fillText(
        form.textOf(point),
        x!.getPixelForValue(chart.data.labels!.indexOf(point.x)),
        y!.getPixelForValue(y!.getLabels().indexOf(point.y)),
      );
    }
    ctx.restore();
  },
};

/** How all numbers of a matrix are written. */
interface CellForm {
  readonly font: string;
  readonly textOf: (point: HeatmapPoint) => string;
}

/** The longest form, in the largest font, in which all numbers fit; none where even short ones do not. */
function fittingForm(ctx: Context2D, points: readonly HeatmapPoint[], roomPx: number): CellForm | undefined {
  const forms = [({ text }: HeatmapPoint) => text, shortText].flatMap((textOf) =>
    CELL_SIZES_PX.map((sizePx): CellForm => ({ font: cssFont({ ...LABEL, sizePx }), textOf })),
  );
  return forms.find(({ font, textOf }) => {
    ctx.font = font;
    return points.every((point) => ctx.measureText(textOf(point)).width <= roomPx);
  });
}

/** `−.25` for −0.25, `−1.4` for −1.37. */
function shortText({ text, v }: Pick<HeatmapPoint, 'text' | 'v'>): string {
  if (v === null) return text;
  return Math.abs(v) < 1 ? text.replace('0.', '.') : fixed(v, 1);
}
