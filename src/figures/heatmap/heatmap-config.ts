import { InputError } from '../../core/errors.ts';
import { axisTitle } from '../axis/axis-title.ts';
import type { HeatmapConfig, HeatmapPoint } from '../chart/figure.ts';
import { fixed } from '../chart/format-number.ts';
import { colorAt, inkOn, paler } from '../chart/palette.ts';
import { requireData, requireFinite } from '../chart/require-panels.ts';
import { shownFixed } from '../chart/shown.ts';
import { axisTicks, baseOptions, PAPER } from '../chart/style.ts';
import { colorBar } from './color-bars.ts';
import { CELL_GAP_PX, cellTexts, chanceBorders } from './heatmap-plugins.ts';
import { type Axis, COLOR_BAR_PX, columnAxis, rowAxis } from './heatmap-size.ts';
import type { HeatmapCell, HeatmapPanel, HeatmapScale } from './heatmap-types.ts';

const MISSING_INK = '#595959';

/** One matrix with the numbers in its cells and a color bar at its right. */
export function heatmapConfig(
  panel: HeatmapPanel,
  scale: HeatmapScale,
  { hasBar = true } = {},
): HeatmapConfig {
  requireData(panel.title, 'exit of model a', panel.exitsA);
  requireData(panel.title, 'exit of model b', panel.exitsB);
  requireData(panel.title, 'cell', panel.cells);
  const [rows, columns] = [rowAxis(panel), columnAxis(panel)];
  return {
    type: 'matrix',
    data: { labels: columns.labels, datasets: [dataset(panel, scale)] },
    options: {
      ...baseOptions(),
      layout: { padding: { right: COLOR_BAR_PX, top: 8, left: 0, bottom: 0 } },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
      scales: {
        x: exitAxis(columns),
        y: exitAxis(rows),
      },
    },
    plugins: [chanceBorders, cellTexts, ...(hasBar ? [colorBar(scale)] : [])],
  };
}

/** Every cell of the matrix in reading order, the missing ones too. */
export function heatmapPoints(panel: HeatmapPanel, scale: HeatmapScale): HeatmapPoint[] {
  const cells = new Map(panel.cells.map((cell) => [cellKey(panel, cell), cell]));
  return panel.exitsA.flatMap((exitA) =>
    panel.exitsB.map((exitB) => {
      const { value = null, isChance = false } = cells.get(`${exitA}/${exitB}`) ?? {};
      const place = { x: String(exitB), y: String(exitA) };
      if (value === null) return { ...place, v: null, text: '–', fill: PAPER, ink: MISSING_INK };
      return { ...place, ...painted(requireFinite(panel.title, value), isChance, scale) };
    }),
  );
}

function painted(value: number, isChance: boolean, scale: HeatmapScale): Omit<HeatmapPoint, 'x' | 'y'> {
  const v = shownFixed(value, scale.digits);
  const color = colorAt(scale.palette, (v - scale.min) / (scale.max - scale.min));
  const fill = isChance ? paler(color) : color;
  return { v, text: fixed(v, scale.digits), fill, ink: inkOn(fill), ...(isChance && { isChance }) };
}

/** A cell outside of all rows and columns would silently vanish. */
function cellKey(panel: HeatmapPanel, cell: HeatmapCell): string {
  if (panel.exitsA.includes(cell.exitA) && panel.exitsB.includes(cell.exitB))
    return `${cell.exitA}/${cell.exitB}`;
  throw new InputError({
    code: 'unknown-exit',
    where: `figure ${panel.title}`,
    expected: `exits among ${panel.exitsA.join(', ')} (rows) and ${panel.exitsB.join(', ')} (columns)`,
    found: `a cell at ${cell.exitA} against ${cell.exitB}`,
    fix: "Name all exits of the run's cells.",
  });
}

function dataset(panel: HeatmapPanel, scale: HeatmapScale): HeatmapConfig['data']['datasets'][number] {
  return {
    data: heatmapPoints(panel, scale),
    backgroundColor: ({ raw }: { raw: unknown }) => (raw as HeatmapPoint).fill,
    // Color alone shows a number; a missing one needs an outline to be seen as a cell.
    borderColor: '#bfbfbf',
    borderWidth: ({ raw }: { raw: unknown }) => ((raw as HeatmapPoint).v === null ? 1 : 0),
    // The plot has no size before its first layout pass.
    width: ({ chart }) => (chart.chartArea?.width ?? 0) / panel.exitsB.length - CELL_GAP_PX,
    height: ({ chart }) => (chart.chartArea?.height ?? 0) / panel.exitsA.length - CELL_GAP_PX,
  };
}

function exitAxis({ labels, title, lengthPx }: Axis) {
  return {
    type: 'category' as const,
    labels,
    offset: true,
    // The matrix type turns y around by default; the first row belongs at the top.
    reverse: false,
    grid: { display: false },
    border: { display: false },
    ticks: { ...axisTicks(), autoSkip: false, maxRotation: 0 },
    title: axisTitle(title, lengthPx),
  };
}
