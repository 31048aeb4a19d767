import type { Chart, Plugin } from 'chart.js';
import { contextOf } from './drawing-context.ts';
import { inkOn } from './palette.ts';
import { cssFont, FONT_BOLD, LABEL } from './style.ts';

const PADDING_PX = 6;

/** Numbers inside the parts that are wide enough, and each bar's total after its end. */
export function barTexts(totals: readonly string[], human: (value: number) => string): Plugin<'bar'> {
  return {
    id: 'barTexts',
    afterDatasetsDraw(chart) {
      const ctx = contextOf(chart);
      ctx.save();
      ctx.textBaseline = 'middle';
      ctx.font = cssFont(LABEL);
      for (const index of chart.data.datasets.keys()) drawParts(chart, index, human);
      ctx.font = cssFont({ ...LABEL, weight: FONT_BOLD });
      drawTotals(chart, totals);
      ctx.restore();
    },
  };
}

interface Bar {
  readonly x: number;
  readonly y: number;
  readonly base: number;
}

function drawParts(chart: Chart, datasetIndex: number, human: (value: number) => string): void {
  const ctx = contextOf(chart);
  const dataset = chart.data.datasets[datasetIndex]!;
  ctx.textAlign = 'center';
  ctx.fillStyle = inkOn(dataset.backgroundColor as string);
  for (const [index, bar] of barsOf(chart, datasetIndex).entries()) {
    const text = human(dataset.data[index] as number);
    if (ctx.measureText(text).width + 2 * PADDING_PX > bar.x - bar.base) continue;
    ctx.fillText(text, (bar.x + bar.base) / 2, bar.y);
  }
}

function drawTotals(chart: Chart, totals: readonly string[]): void {
  const ctx = contextOf(chart);
  ctx.textAlign = 'left';
  const stacks = [...chart.data.datasets.keys()].map((index) => barsOf(chart, index));
  for (const [index, text] of totals.entries()) {
    const end = Math.max(...stacks.map((bars) => bars[index]!.x));
    const { y } = stacks[0]![index]!;
    // Grid lines would run through the text.
    ctx.fillStyle = chart.options.backgroundColor;
    ctx.fillRect(end + 1, y - LABEL.sizePx, ctx.measureText(text).width + 2 * PADDING_PX, 2 * LABEL.sizePx);
    ctx.fillStyle = chart.options.color;
    ctx.fillText(text, end + PADDING_PX, y);
  }
}

function barsOf(chart: Chart, datasetIndex: number): readonly Bar[] {
  return chart.getDatasetMeta(datasetIndex).data as unknown as readonly Bar[];
}
