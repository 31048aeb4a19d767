/** Charts of quality and speed by exit: a line for each model. */
import { shareInterval } from '../../metrics/share.ts';
import { axisTitle } from '../axis/axis-title.ts';
import { exitAxis } from '../axis/exit-axis.ts';
import { fromZeroAxis } from '../axis/linear-axis.ts';
import type { Figure, LineConfig, LinePoint, Panel } from '../chart/figure.ts';
import { tickText } from '../chart/format-number.ts';
import { intervalBands } from '../chart/interval-bands.ts';
import { MARKER_ROOM, NEAREST, pointTooltip, styledLine } from '../chart/lines.ts';
import { CATEGORICAL, cycled } from '../chart/palette.ts';
import { requireData, requireFinite } from '../chart/require-panels.ts';
import { panelWidth, SCREEN, type Sheet } from '../chart/sheet.ts';
import { shown, shownText } from '../chart/shown.ts';
import { axisTicks, baseOptions, GRID } from '../chart/style.ts';
import { ownLegend, placed } from '../paper/paper-figure.ts';

/** One sub-model; a number that was not measured is `null` and interrupts the line. */
export interface QualitySpeedPoint {
  /** Layers. */
  readonly exit: number;
  /** Of a token, where depth is chosen token by token: drawn in the place of the exit. */
  readonly meanLayers?: number;
  readonly quality: number | null;
  readonly tokensPerSecond: number | null;
  /** n of the quality. */
  readonly instructions?: number | null;
  /** Ends of the speed's 95 % interval. */
  readonly speedLow?: number | null;
  readonly speedHigh?: number | null;
  /** How often the speed was timed. */
  readonly repetitions?: number | null;
}

export interface QualitySpeedModel {
  readonly name: string;
  readonly points: readonly QualitySpeedPoint[];
}

/** What the first panel's number means. */
export interface QualityAxis {
  /** Axis title, e.g. `Exact match with the known answer` or `Mean score against SFT's last exit`. */
  readonly label: string;
  /** Ends of the axis in the numbers' own unit: [0, 1] for a share, [−1, 1] for a score. */
  readonly range: readonly [min: number, max: number];
  /** `percent` prints a share of 1 as 100 %. */
  readonly format: 'percent' | 'number';
}

export interface QualitySpeedInput {
  readonly title: string;
  readonly models: readonly QualitySpeedModel[];
  readonly quality: QualityAxis;
  /** Machine, batch size, n: one paragraph each. */
  readonly notes: readonly string[];
  /** Default: a screen. */
  readonly sheet?: Sheet | undefined;
}

const PANEL_HEIGHT_PX = { screen: 400, paper: 250 } as const;
/** Without the horizontal axis and the legend. */
const AXIS_HEIGHT_PX = { screen: 290, paper: 190 } as const;
const QUALITY_STEPS = { screen: 10, paper: 5 } as const;

/**
 * Quality and speed by exit, side by side; what was not measured has no panel.
 * @throws InputError `empty` without models, points or numbers
 */
export function qualitySpeed(input: QualitySpeedInput): Figure {
  requireData('quality-speed', 'model', input.models);
  for (const model of input.models) requireData(`quality-speed, ${model.name}`, 'exit', model.points);
  const charts = [
    ...(isMeasured(input, 'quality') ? [{ title: 'Quality by exit', config: qualityConfig(input) }] : []),
    ...(isMeasured(input, 'tokensPerSecond') ? [{ title: 'Speed by exit', config: speedConfig(input) }] : []),
  ];
  requireData('quality-speed', 'number', charts);
  const { sheet = SCREEN } = input;
  const size = { widthPx: panelWidth(sheet, charts.length), heightPx: PANEL_HEIGHT_PX[sheet.kind] };
  const panels = charts.map((chart): Panel => ({ ...chart, ...size }));
  return { title: input.title, footer: input.notes, ...placed(panels, sheet) };
}

const kindOf = ({ sheet = SCREEN }: QualitySpeedInput) => sheet.kind;

function isMeasured({ models }: QualitySpeedInput, measure: 'quality' | 'tokensPerSecond'): boolean {
  return models.some(({ points }) => points.some((point) => point[measure] !== null));
}

export function qualityConfig(input: QualitySpeedInput): LineConfig {
  const { label, range, format } = input.quality;
  const [min, max] = range;
  const callback = (value: number | string) =>
    format === 'percent' ? `${tickText(Number(value) * 100)} %` : tickText(Number(value));
  const points = (model: QualitySpeedModel) => exitLine(model, (point) => qualityPoint(point, input.quality));
  return byExit(input, points, {
    type: 'linear' as const,
    min,
    max,
    grid: { color: GRID },
    ticks: { ...axisTicks(), stepSize: (max - min) / QUALITY_STEPS[kindOf(input)], callback },
    title: axisTitle(label, AXIS_HEIGHT_PX[kindOf(input)]),
  });
}

export function speedConfig(input: QualitySpeedInput): LineConfig {
  const points = input.models.flatMap((model) => model.points);
  const ends = points.flatMap(({ tokensPerSecond, speedHigh = null }) => [
    tokensPerSecond ?? 0,
    speedHigh ?? 0,
  ]);
  const axis = fromZeroAxis(
    ends.map(shown),
    points.some(({ repetitions }) => (repetitions ?? 1) > 1)
      ? 'Tokens per second (median)'
      : 'Tokens per second',
    AXIS_HEIGHT_PX[kindOf(input)],
  );
  return byExit(input, (model) => exitLine(model, speedPoint), axis);
}

type LineAxis = NonNullable<NonNullable<LineConfig['options']>['scales']>[string];

function byExit(
  input: QualitySpeedInput,
  lineOf: (model: QualitySpeedModel) => LinePoint[],
  y: LineAxis,
): LineConfig {
  const points = input.models.flatMap((model) => model.points);
  const means = points.flatMap(({ meanLayers }) => meanLayers ?? []);
  return {
    type: 'line',
    data: {
      datasets: input.models
        .map((model, index) => styledLine(model.name, lineOf(model), cycled(CATEGORICAL, index), index))
        .filter(({ data }) => data.some(isDrawn)),
    },
    options: {
      ...baseOptions(),
      layout: MARKER_ROOM,
      interaction: NEAREST,
      plugins: { legend: ownLegend(input.sheet ?? SCREEN, 'bottom'), tooltip: pointTooltip() },
      scales: {
        x: exitAxis(
          depthTitle(input),
          points.map(({ exit }) => exit),
          means,
        ),
        y,
      },
    },
    plugins: [intervalBands],
  };
}

/** Models keep color and marker where others have no numbers and so no line. */
const isDrawn = (point: unknown) => (point as LinePoint).y !== null;

function depthTitle({ models }: QualitySpeedInput): string {
  const isMean = models.some(({ points }) => points.some(({ meanLayers }) => meanLayers !== undefined));
  return isMean ? 'Exit, or mean layers a token' : 'Exit (layers)';
}

function exitLine(
  model: QualitySpeedModel,
  pointOf: (point: QualitySpeedPoint) => Omit<LinePoint, 'x'>,
): LinePoint[] {
  const sorted = [...model.points].sort((a, b) => a.exit - b.exit);
  return sorted.map((point) => {
    const drawn = pointOf(point);
    const x = point.meanLayers ?? point.exit;
    if (drawn.y === null) return { x, y: null };
    requireFinite(model.name, drawn.y);
    return { x, ...drawn };
  });
}

function qualityPoint({ quality, instructions = null }: QualitySpeedPoint, { format }: QualityAxis) {
  if (quality === null) return { y: null };
  const text = format === 'percent' ? `${shownText(quality * 100)} %` : shownText(quality);
  if (instructions === null) return { y: quality, detail: text };
  const interval = format === 'percent' ? shareEnds(quality, instructions) : '';
  return { y: quality, detail: `${text} (${interval}n = ${instructions})` };
}

/** Wilson's interval, in words: a share is of so many instructions. */
function shareEnds(share: number, total: number): string {
  const ends = shareInterval({ count: Math.round(share * total), total });
  return ends === undefined ? '' : `95 % ${ends.map((end) => shownText(end * 100)).join(' to ')} %, `;
}

function speedPoint(point: QualitySpeedPoint) {
  const { tokensPerSecond: y, speedLow: low = null, speedHigh: high = null, repetitions = null } = point;
  if (y === null) return { y };
  const interval = low === null || high === null ? [] : [`95 % ${shownText(low)} to ${shownText(high)}`];
  const times = repetitions === null ? [] : [`n = ${repetitions}`];
  const behind = [...interval, ...times].join(', ');
  const detail = `${shownText(y)} tokens/s${behind === '' ? '' : ` (${behind})`}`;
  return interval.length === 0 ? { y, detail } : { y, low, high, detail };
}
