import { type QualitySpeed, qualitySpeedRead } from '../../store/read/exit-reads.ts';
import { type AnswerStates, answerStatesRead } from '../../store/read/state-reads.ts';
import { axisTitle } from '../chart/axis-title.ts';
import type { Figure, LineConfig, LinePoint, Panel } from '../chart/figure.ts';
import { tickText } from '../chart/format-number.ts';
import { integerAxis, markerLegend, styledLine } from '../chart/lines.ts';
import { CATEGORICAL, cycled } from '../chart/palette.ts';
import { requireData, requireFinite } from '../chart/require-panels.ts';
import { axisTicks, baseOptions, FIGURE_WIDTH_PX, GRID, panelWidth } from '../chart/style.ts';
import { exitsOf, sizeOf } from './labels.ts';
import type { RunFigure } from './run-figure.ts';
import { unansweredNotes } from './state-notes.ts';

/** Quality and speed of every exit of every model. */
export const QUALITY_SPEED_FIGURE: RunFigure<
  { exits: readonly QualitySpeed[] },
  { states: readonly AnswerStates[] }
> = {
  name: 'quality-speed',
  title: 'Quality against speed',
  alt: 'Quality and speed by exit',
  missing: 'Neither was measured.',
  section: 'measurements',
  reads: ({ run, speedBatchSize }) => ({ exits: qualitySpeedRead(run, speedBatchSize) }),
  draw(head, { exits }) {
    const isQualityKnown = exits.some(({ exactMatch }) => exactMatch !== null);
    const isSpeedKnown = exits.some(({ tokensPerSecond }) => tokensPerSecond !== null);
    if (!isQualityKnown && !isSpeedKnown) return undefined;
    const names = head.models.map(({ label }) => label).join(', ');
    const at = (model: string, exit: number) => exits.find((row) => row.model === model && row.exit === exit);
    return qualitySpeed({
      title: `Quality and speed by exit: ${names} (known answers, no judge, ${sizeOf(head)})`,
      quality: { label: 'Exact match with the known answer', range: [0, 1], format: 'percent' },
      notes: [
        ...(isSpeedKnown
          ? [
              `Speed: greedy decoding, batch ${head.speedBatchSize}, prefill not counted, nothing else in flight; this machine.`,
            ]
          : ['Speed is not known, so it is not drawn: no model runs here, or it was not measured.']),
        ...(isQualityKnown ? [] : ['The instruction set has no known answers, so quality is not drawn.']),
      ],
      models: head.models.map((model) => ({
        name: model.label,
        points: exitsOf(model).map((exit) => ({
          exit,
          quality: at(model.model, exit)?.exactMatch ?? null,
          tokensPerSecond: at(model.model, exit)?.tokensPerSecond ?? null,
        })),
      })),
    });
  },
  notes: {
    reads: ({ run }) => ({ states: answerStatesRead(run) }),
    paragraphs: (_head, { states }) => unansweredNotes(states),
  },
};

/** One sub-model; a number that was not measured is `null` and interrupts the line. */
export interface QualitySpeedPoint {
  /** Layers. */
  readonly exit: number;
  readonly quality: number | null;
  readonly tokensPerSecond: number | null;
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
}

type Measure = 'quality' | 'tokensPerSecond';

const PANEL_MIN_WIDTH_PX = 540;
const PANEL_HEIGHT_PX = 400;
/** Without the horizontal axis and the legend. */
const AXIS_HEIGHT_PX = 290;

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
  const size = { widthPx: panelWidth(charts.length, PANEL_MIN_WIDTH_PX), heightPx: PANEL_HEIGHT_PX };
  const panels = charts.map((chart): Panel => ({ ...chart, ...size }));
  return { title: input.title, footer: input.notes, widthPx: FIGURE_WIDTH_PX, panels };
}

function isMeasured({ models }: QualitySpeedInput, measure: Measure): boolean {
  return models.some(({ points }) => points.some((point) => point[measure] !== null));
}

export function qualityConfig(input: QualitySpeedInput): LineConfig {
  const { label, range, format } = input.quality;
  const [min, max] = range;
  const callback = (value: number | string) =>
    format === 'percent' ? `${tickText(Number(value) * 100)} %` : tickText(Number(value));
  return byExit(input, 'quality', {
    type: 'linear' as const,
    min,
    max,
    grid: { color: GRID },
    ticks: { ...axisTicks(), callback },
    title: axisTitle(label, AXIS_HEIGHT_PX),
  });
}

export function speedConfig(input: QualitySpeedInput): LineConfig {
  return byExit(input, 'tokensPerSecond', {
    type: 'linear' as const,
    min: 0,
    // Chart.js would end the axis at the highest marker and cut it in half.
    grace: '5%',
    grid: { color: GRID },
    ticks: axisTicks(),
    title: axisTitle('Tokens per second', AXIS_HEIGHT_PX),
  });
}

type LineAxis = NonNullable<NonNullable<LineConfig['options']>['scales']>[string];

function byExit(input: QualitySpeedInput, measure: Measure, y: LineAxis): LineConfig {
  const exits = input.models.flatMap((model) => model.points.map((point) => point.exit));
  const [first, last] = [Math.min(...exits), Math.max(...exits)];
  return {
    type: 'line',
    data: {
      datasets: input.models.map((model, index) =>
        styledLine(model.name, exitLine(model, measure), cycled(CATEGORICAL, index), index),
      ),
    },
    options: {
      ...baseOptions(),
      plugins: { legend: markerLegend('bottom') },
      scales: { x: integerAxis('Exit (layers)', first, last, exitStep(exits)), y },
    },
  };
}

function exitLine(model: QualitySpeedModel, measure: Measure): LinePoint[] {
  const sorted = [...model.points].sort((a, b) => a.exit - b.exit);
  return sorted.map((point) => {
    const value = point[measure];
    return { x: point.exit, y: value === null ? null : requireFinite(model.name, value) };
  });
}

/** Smallest distance of two exits, so that ticks are exits where these are evenly spaced; at most 16 ticks. */
function exitStep(exits: readonly number[]): number {
  const sorted = [...new Set(exits)].sort((a, b) => a - b);
  const steps = sorted.slice(1).map((exit, index) => exit - sorted[index]!);
  if (steps.length === 0) return 1;
  const smallest = Math.min(...steps);
  const span = sorted.at(-1)! - sorted[0]!;
  return smallest * Math.ceil(span / smallest / 16);
}
