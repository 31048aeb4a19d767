import type { Figure, HeatmapConfig, Panel } from '../chart/figure.ts';
import { innerWidth, type Sheet } from '../chart/sheet.ts';
import { baseOptions } from '../chart/style.ts';
import { lettered } from '../paper/paper-figure.ts';
import { lyingColorBar } from './color-bars.ts';
import { heatmapConfig } from './heatmap-config.ts';
import type { HeatmapPanel, HeatmapScale, HeatmapsInput } from './heatmap-types.ts';
import { type MatrixFrame, paperFrames } from './paper-grid.ts';

/** Room of what stands out above the cells. */
const TOP_PX = 2;
const BAR_HEIGHT_PX = 46;
const MAX_BAR_PX = 420;

/** Matrices for a paper: square cells, and one color bar below all. */
export function paperHeatmaps({ title, footer, panels, scale, perRow }: HeatmapsInput, sheet: Sheet): Figure {
  const frames = paperFrames(panels, sheet, perRow);
  const drawn = panels.map((panel, index): Panel => {
    const frame = frames[index]!;
    const config = heatmapConfig(panel, panel.scale ?? scale, { hasBar: false });
    const { startsRow } = frame;
    return { title: panel.title, config: framed(config, frame), ...sizeOf(panel, frame), startsRow };
  });
  return {
    title,
    footer,
    widthPx: sheet.widthPx,
    panels: [...lettered(drawn), barPanel(scale, sheet)],
    sheet,
  };
}

function sizeOf({ exitsA, exitsB }: HeatmapPanel, frame: MatrixFrame): Pick<Panel, 'widthPx' | 'heightPx'> {
  const { cellPx, rowAxisPx, columnAxisPx } = frame;
  return {
    widthPx: rowAxisPx + exitsB.length * cellPx,
    heightPx: TOP_PX + exitsA.length * cellPx + columnAxisPx,
  };
}

/** Axes of a fixed size leave a whole number of pixels to each cell. */
function framed(config: HeatmapConfig, frame: MatrixFrame): HeatmapConfig {
  const { x, y } = config.options!.scales!;
  const { rowAxisPx, columnAxisPx, rowTitle, columnTitle } = frame;
  const padding = { top: TOP_PX, right: 0, bottom: 0, left: 0 };
  const scales = {
    x: withTitle(x, columnTitle, { height: columnAxisPx }),
    y: withTitle(y, rowTitle, { width: rowAxisPx }),
  };
  return {
    ...config,
    options: { ...config.options, layout: { padding }, scales },
  } as HeatmapConfig;
}

type Axis = NonNullable<NonNullable<HeatmapConfig['options']>['scales']>[string];

/** Labels stand in the middle of their cells, so that none needs room beyond the cells. */
const NO_PADDING = { paddingTop: 0, paddingBottom: 0, paddingLeft: 0, paddingRight: 0 };

function withTitle(axis: Axis, lines: readonly string[], size: { width?: number; height?: number }): unknown {
  const afterFit = (fitted: object) => void Object.assign(fitted, NO_PADDING, size);
  const { title } = axis as { title: object };
  return { ...axis, afterFit, title: { ...title, display: lines.length > 0, text: [...lines] } };
}

/** As wide as the sheet, so that it stands in a row of its own. */
function barPanel(scale: HeatmapScale, sheet: Sheet): Panel {
  const widthPx = innerWidth(sheet);
  const config: HeatmapConfig = {
    type: 'matrix',
    data: { labels: [], datasets: [] },
    options: {
      ...baseOptions(),
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
      scales: { x: { type: 'category', display: false }, y: { type: 'category', display: false } },
    },
    plugins: [lyingColorBar(scale, Math.min(MAX_BAR_PX, widthPx - 120))],
  };
  return { title: '', config, widthPx, heightPx: BAR_HEIGHT_PX };
}
