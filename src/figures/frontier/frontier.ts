/** Charts of quality against what a token costs: a model's fixed exits, its thresholds, its speculation. */
import { axisTitle } from '../axis/axis-title.ts';
import { exitAxis } from '../axis/exit-axis.ts';
import { fromZeroAxis } from '../axis/linear-axis.ts';
import type { Figure, LineConfig, LinePoint, Panel } from '../chart/figure.ts';
import { tickText } from '../chart/format-number.ts';
import { type LineDataset, MARKER_ROOM, NEAREST, pointTooltip, styledLine } from '../chart/lines.ts';
import { CATEGORICAL, cycled } from '../chart/palette.ts';
import { requireData } from '../chart/require-panels.ts';
import { panelWidth, SCREEN, type Sheet } from '../chart/sheet.ts';
import { shown, shownText } from '../chart/shown.ts';
import { axisTicks, baseOptions, GRID } from '../chart/style.ts';
import { ownLegend, placed } from '../paper/paper-figure.ts';

export const DEPTH_WAYS = ['fixed', 'adaptive', 'speculative'] as const;
/** How the depth of a sub-model's tokens is chosen. */
export type DepthWay = (typeof DEPTH_WAYS)[number];

/** One sub-model; `null`: not measured. */
export interface FrontierPoint {
  /** `exit 6`, `adaptive 0.9` */
  readonly name: string;
  readonly meanLayers: number | null;
  readonly tokensPerSecond: number | null;
  /** Share of known answers given. */
  readonly exactMatch: number | null;
  /** Against the opponent, in [−1, 1]. */
  readonly score: number | null;
}

export interface FrontierLine {
  /** Label of the model. */
  readonly model: string;
  readonly way: DepthWay;
  readonly points: readonly FrontierPoint[];
}

export interface FrontierInput {
  readonly title: string;
  readonly lines: readonly FrontierLine[];
  /** Of the scores: `SFT, exit 10`. */
  readonly opponent: string | undefined;
  readonly notes: readonly string[];
  /** Default: a screen. */
  readonly sheet?: Sheet | undefined;
}

const QUALITIES = ['exactMatch', 'score'] as const;
type QualityOf = (typeof QUALITIES)[number];
const COSTS = ['meanLayers', 'tokensPerSecond'] as const;
type CostOf = (typeof COSTS)[number];

const PANEL_TITLES = {
  exactMatch: { meanLayers: 'Exact match by layers', tokensPerSecond: 'Exact match by speed' },
  score: { meanLayers: 'Score by layers', tokensPerSecond: 'Score by speed' },
};
const PANEL_HEIGHT_PX = { screen: 480, paper: 290 } as const;
const AXIS_HEIGHT_PX = { screen: 290, paper: 190 } as const;
/** Of the dash of each way; speculation has no line. */
const DASHES: Readonly<Record<DepthWay, number[]>> = { fixed: [], adaptive: [8, 4], speculative: [] };
const WAY_WORDS: Readonly<Record<DepthWay, string>> = {
  fixed: 'fixed exits',
  adaptive: 'adaptive depth',
  speculative: 'speculation',
};

/**
 * A panel for each kind of quality and cost that is measured.
 * @throws InputError `empty` without lines or numbers
 */
export function frontier(input: FrontierInput): Figure {
  requireData('frontier', 'model', input.lines);
  const { sheet = SCREEN } = input;
  const charts = QUALITIES.flatMap((quality) =>
    COSTS.filter((cost) => isMeasured(input, quality, cost)).map((cost) => ({
      title: PANEL_TITLES[quality][cost],
      config: frontierConfig(input, quality, cost),
    })),
  );
  requireData('frontier', 'number', charts);
  const size = { widthPx: panelWidth(sheet, charts.length), heightPx: PANEL_HEIGHT_PX[sheet.kind] };
  const panels = charts.map((chart): Panel => ({ ...chart, ...size }));
  return { title: input.title, footer: input.notes, ...placed(panels, sheet) };
}

function frontierConfig(input: FrontierInput, quality: QualityOf, cost: CostOf): LineConfig {
  const models = [...new Set(input.lines.map(({ model }) => model))];
  const datasets = input.lines
    .map((line) => datasetOf(line, models.indexOf(line.model), quality, cost))
    .filter(({ data }) => data.length > 0);
  return {
    type: 'line',
    data: { datasets },
    options: {
      ...baseOptions(),
      layout: MARKER_ROOM,
      interaction: NEAREST,
      plugins: { legend: ownLegend(input.sheet ?? SCREEN, 'bottom'), tooltip: pointTooltip() },
      scales: { x: costAxis(input, cost), y: qualityAxis(input, quality) },
    },
  };
}

function isMeasured({ lines }: FrontierInput, quality: QualityOf, cost: CostOf): boolean {
  return lines.some(({ points }) => points.some((point) => point[quality] !== null && point[cost] !== null));
}

/** A model has one color; each of its ways a marker and a dash. */
function datasetOf(line: FrontierLine, index: number, quality: QualityOf, cost: CostOf): LineDataset {
  const { model, way, points } = line;
  const drawn = points.flatMap((point) => pointOf(point, quality, cost)).sort((a, b) => a.x - b.x);
  const style = index * DEPTH_WAYS.length + DEPTH_WAYS.indexOf(way);
  return {
    ...styledLine(`${model}, ${WAY_WORDS[way]}`, drawn, cycled(CATEGORICAL, index), style),
    borderDash: DASHES[way],
    showLine: way !== 'speculative',
  };
}

function pointOf(point: FrontierPoint, quality: QualityOf, cost: CostOf): LinePoint[] {
  const { [quality]: y, [cost]: x, name } = point;
  if (x === null || y === null) return [];
  const good = quality === 'exactMatch' ? `${shownText(y * 100)} %` : shownText(y);
  const paid = cost === 'meanLayers' ? `${shownText(x)} layers a token` : `${shownText(x)} tokens/s`;
  return [{ x: shown(x), y, detail: `${name}: ${good}, ${paid}` }];
}

function costAxis({ lines }: FrontierInput, cost: CostOf) {
  const places = (own: readonly FrontierLine[]) =>
    own.flatMap(({ points }) =>
      points.flatMap(({ [cost]: value }) => (value === null ? [] : [shown(value)])),
    );
  if (cost === 'tokensPerSecond')
    return fromZeroAxis(places(lines), 'Tokens per second', AXIS_HEIGHT_PX.screen);
  const fixed = lines.filter(({ way }) => way !== 'adaptive');
  return exitAxis('Mean layers a token', places(fixed), places(lines));
}

function qualityAxis({ opponent, sheet = SCREEN }: FrontierInput, quality: QualityOf) {
  const [min, stepSize] = quality === 'exactMatch' ? [0, 0.1] : [-1, 0.25];
  const callback = (value: number | string) =>
    quality === 'exactMatch' ? `${tickText(Number(value) * 100)} %` : tickText(Number(value));
  const title = quality === 'exactMatch' ? 'Exact match with the known answer' : `Score against ${opponent}`;
  return {
    type: 'linear' as const,
    min,
    max: 1,
    grid: { color: GRID },
    ticks: { ...axisTicks(), stepSize, callback },
    title: axisTitle(title, AXIS_HEIGHT_PX[sheet.kind]),
  };
}
