import type { Plugin } from 'chart.js';
import { contextOf } from '../chart/drawing-context.ts';
import type { LineConfig, LinePoint, Panel } from '../chart/figure.ts';
import { widthEm } from '../chart/letter-widths.ts';
import { innerWidth, type Sheet } from '../chart/sheet.ts';
import { baseOptions, cssFont, INK, LABEL } from '../chart/style.ts';

const ROW_PX = 22;
/** Of a line with its marker, what stands between it and its name, and between two entries. */
const SAMPLE_PX = 34;
const NAME_GAP_PX = 7;
const ENTRY_GAP_PX = 18;

type Dataset = LineConfig['data']['datasets'][number];

/** An entry in its place: left end and middle, CSS pixels. */
interface Entry {
  readonly dataset: Dataset;
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/**
 * The legend of several charts as a panel of its own, a name each with its line, dash and marker; a name means the same in
 * all charts.
 */
export function legendPanel(charts: readonly LineConfig[], sheet: Sheet): Panel {
  const widthPx = innerWidth(sheet);
  const datasets = new Map(charts.flatMap(({ data }) => data.datasets).map((one) => [one.label ?? '', one]));
  const rows = rowsOf([...datasets.keys()], widthPx);
  const heightPx = rows.length * ROW_PX;
  const entries = rows.flatMap((names, row) => placedRow(names, widthPx, (row + 0.5) * ROW_PX, datasets));
  return { title: '', config: legendConfig(entries, widthPx, heightPx), widthPx, heightPx };
}

const entryWidth = (name: string) => SAMPLE_PX + NAME_GAP_PX + widthEm(name) * LABEL.sizePx;
const rowWidth = (names: readonly string[]) =>
  names.reduce((sum, name) => sum + entryWidth(name), (names.length - 1) * ENTRY_GAP_PX);

function rowsOf(names: readonly string[], widthPx: number): string[][] {
  const rows: string[][] = [];
  for (const name of names) {
    const row = rows.at(-1);
    if (row === undefined || rowWidth([...row, name]) > widthPx) rows.push([name]);
    else row.push(name);
  }
  return rows;
}

function placedRow(
  names: readonly string[],
  widthPx: number,
  y: number,
  datasets: ReadonlyMap<string, Dataset>,
): Entry[] {
  let left = Math.max(0, (widthPx - rowWidth(names)) / 2);
  return names.map((name) => {
    const x = left;
    left += entryWidth(name) + ENTRY_GAP_PX;
    return { dataset: datasets.get(name)!, name, x, y };
  });
}

/** A chart whose values are the pixels of its own canvas. */
function legendConfig(entries: readonly Entry[], widthPx: number, heightPx: number): LineConfig {
  return {
    type: 'line',
    data: { datasets: entries.map(sampleOf) },
    options: {
      ...baseOptions(),
      layout: { padding: 0, autoPadding: false },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
      scales: {
        x: { type: 'linear', display: false, min: 0, max: widthPx },
        y: { type: 'linear', display: false, min: 0, max: heightPx, reverse: true },
      },
    },
    plugins: [entryNames(entries)],
  };
}

function sampleOf({ dataset, x, y }: Entry): Dataset {
  const data: LinePoint[] = [0, 0.5, 1].map((share) => ({ x: x + share * SAMPLE_PX, y }));
  const { borderColor, backgroundColor } = dataset;
  return {
    ...{ ...dataset, data, segment: {}, pointRadius: [0, 4, 0] },
    pointBorderColor: borderColor as string,
    pointBackgroundColor: backgroundColor as string,
  };
}

function entryNames(entries: readonly Entry[]): Plugin<'line'> {
  return {
    id: 'entryNames',
    afterDatasetsDraw(chart) {
      const ctx = contextOf(chart);
      ctx.save();
      ctx.font = cssFont(LABEL);
      ctx.fillStyle = INK;
      ctx.textAlign = 'left';
      ctx.textBaseline = 'middle';
      for (const { name, x, y } of entries) ctx.fillText(name, x + SAMPLE_PX + NAME_GAP_PX, y);
      ctx.restore();
    },
  };
}
