/** Charts of KL by output position: a line for each exit, with the band of its interval. */
import type { KlPoint } from '../../core/domain.ts';
import { axisTitle } from '../axis/axis-title.ts';
import { fromZeroAxis } from '../axis/linear-axis.ts';
import { logRange } from '../axis/log-axis.ts';
import { plotWidth, positionAxis } from '../axis/position-axis.ts';
import type { Figure, LineConfig, LinePoint, Panel } from '../chart/figure.ts';
import { intervalBands } from '../chart/interval-bands.ts';
import { MARKER_ROOM, NEAREST, pointTooltip, styledLine } from '../chart/lines.ts';
import { SEQUENTIAL, spread } from '../chart/palette.ts';
import { requireData, requireFinite } from '../chart/require-panels.ts';
import { panelsPerRow, panelWidth, SCREEN, type Sheet } from '../chart/sheet.ts';
import { shown, shownText } from '../chart/shown.ts';
import { baseOptions, GRID } from '../chart/style.ts';
import { ownLegend, placed } from '../paper/paper-figure.ts';

/** A mean with the ends of its 95 % interval; absent or `null`: not known. */
export interface KlMean extends KlPoint {
  readonly ciLow?: number | null;
  readonly ciHigh?: number | null;
}

/** A mean over fewer instructions is drawn pale. */
const FEW_INSTRUCTIONS = 30;

export interface KlPanel {
  /** Which exits against which reference, e.g. `SoFT's exits against SFT's last exit`. */
  readonly title: string;
  /** In any order; a position that an exit lacks interrupts its line. */
  readonly points: readonly KlMean[];
}

export interface KlCurvesInput {
  readonly panels: readonly KlPanel[];
  /** E.g. `KL(reference ‖ sub-model)`; axis title. */
  readonly direction: string;
  /** E.g. `nats`; axis title. */
  readonly unit: string;
  /** E.g. `teacher-forced on the reference's greedy answer`; printed under the charts. */
  readonly path: string;
  /** Whose exits and n; end of the title. */
  readonly subject?: string;
  /** n, deviations: one paragraph each. */
  readonly notes: readonly string[];
  /** `linear` (default) starts at 0; `log` cannot show exact zeros and leaves them out. */
  readonly scale?: 'linear' | 'log';
  /** Whether all panels have one vertical axis. Default: those of a row do, so that they can be compared by eye. */
  readonly sharedScale?: boolean;
  /** Default: a screen. */
  readonly sheet?: Sheet | undefined;
}

const PANEL_HEIGHT_PX = { screen: 380, paper: 260 } as const;
/** Height of the horizontal axis. */
const AXIS_PX = 85;

/** One panel beside the other. @throws InputError `empty` without panels or points. */
export function klCurves(input: KlCurvesInput): Figure {
  requireData('kl-curves', 'panel', input.panels);
  for (const panel of input.panels) requireData(panel.title, 'KL value', panel.points);
  return {
    title: `${input.direction} by output position, one line for each exit${input.subject ? `: ${input.subject}` : ''}`,
    footer: [`${input.direction} in ${input.unit}; path: ${input.path}.${scaleNotes(input)}`, ...input.notes],
    ...placed(
      input.panels.map((panel) => klPanel(panel, input)),
      sheetOf(input),
    ),
  };
}

const sheetOf = ({ sheet = SCREEN }: KlCurvesInput) => sheet;

function scaleNotes(input: KlCurvesInput): string {
  const points = input.panels.flatMap((panel) => panel.points);
  const hasZeros = points.some((point) => point.meanKlNats <= 0);
  const rows = Math.ceil(input.panels.length / panelsPerRow(sheetOf(input), input.panels.length));
  const hasBands = points.some(({ ciHigh }) => typeof ciHigh === 'number');
  return [
    rows > 1 && input.sharedScale !== true ? ' The panels of a row share their axes, the rows differ.' : '',
    input.scale === 'log' && hasZeros ? ' Values of 0 have no place on the logarithmic axis.' : '',
    hasBands
      ? ` Bands: 95 % interval of the mean (Student's t over instructions), cut off where the panel ends.`
      : '',
    points.some(isFew) ? ` Pale: fewer than ${FEW_INSTRUCTIONS} instructions.` : '',
  ].join('');
}

/** Of all charts, so that an exit has one color and marker in all. */
function exitsOf(panels: readonly KlPanel[]): number[] {
  const exits = panels.flatMap(({ points }) => points.map(({ exit }) => exit));
  return [...new Set(exits)].sort((a, b) => a - b);
}

const isFew = ({ instructions }: KlMean) => instructions < FEW_INSTRUCTIONS;

/** The points of all panels that share a panel's axes. */
function sharedPoints(panel: KlPanel, input: KlCurvesInput): readonly KlMean[] {
  const { panels, sharedScale } = input;
  const perRow = sharedScale === true ? panels.length : panelsPerRow(sheetOf(input), panels.length);
  const start = Math.floor(Math.max(0, panels.indexOf(panel)) / perRow) * perRow;
  const row = panels.slice(start, start + perRow);
  return (row.includes(panel) ? row : [panel]).flatMap(({ points }) => points);
}

function klPanel(panel: KlPanel, input: KlCurvesInput): Panel {
  const sheet = sheetOf(input);
  const widthPx = panelWidth(sheet, input.panels.length);
  return {
    title: panel.title,
    config: klConfig(panel, input),
    widthPx,
    heightPx: PANEL_HEIGHT_PX[sheet.kind],
  };
}

/** One chart of KL curves. */
export function klConfig(panel: KlPanel, input: KlCurvesInput): LineConfig {
  requireData(panel.title, 'KL value', panel.points);
  const exits = exitsOf(input.panels.includes(panel) ? input.panels : [panel]);
  const colors = spread(SEQUENTIAL, exits.length);
  const sheet = sheetOf(input);
  const scaled = sharedPoints(panel, input);
  const lastPosition = Math.max(...scaled.map((point) => point.position));
  return {
    type: 'line',
    data: {
      datasets: exits.flatMap((exit, index) => {
        const points = klLine(panel, exit, input);
        const name = exit === 1 ? '1 layer' : `${exit} layers`;
        return points.length === 0 ? [] : [styledLine(name, points, colors[index]!, index)];
      }),
    },
    options: {
      ...baseOptions(),
      layout: MARKER_ROOM,
      interaction: NEAREST,
      plugins: { legend: ownLegend(sheet, 'right', 'Exit'), tooltip: pointTooltip() },
      scales: {
        x: positionAxis(panel.points, lastPosition, plotWidth(sheet, input.panels.length)),
        y: klAxis(scaled, input),
      },
    },
    plugins: [intervalBands],
  };
}

/** All positions up to the exit's last one; absent ones are gaps. */
function klLine(panel: KlPanel, exit: number, input: KlCurvesInput): LinePoint[] {
  const own = panel.points.filter((point) => point.exit === exit);
  const byPosition = new Map(own.map((point) => [point.position, point]));
  const last = Math.max(-1, ...byPosition.keys());
  return Array.from({ length: last + 1 }, (_, position) => {
    const point = byPosition.get(position);
    if (point === undefined) return { x: position, y: null };
    const value = requireFinite(panel.title, point.meanKlNats);
    if (input.scale === 'log' && value <= 0) return { x: position, y: null };
    return {
      x: position,
      y: value,
      ...intervalOf(point, input.scale),
      detail: detailOf(point, input.unit),
      ...(isFew(point) && { isFaint: true }),
    };
  });
}

/** A logarithmic axis has no place for an interval that begins at 0. */
function intervalOf({ ciLow, ciHigh }: KlMean, scale: KlCurvesInput['scale']) {
  if (typeof ciLow !== 'number' || typeof ciHigh !== 'number') return {};
  return scale === 'log' && ciLow <= 0 ? {} : { low: ciLow, high: ciHigh };
}

function detailOf({ meanKlNats, ciLow, ciHigh, instructions }: KlMean, unit: string): string {
  const isKnown = typeof ciLow === 'number' && typeof ciHigh === 'number';
  const interval = isKnown ? `95 % ${shownText(ciLow)} to ${shownText(ciHigh)}, ` : '';
  return `${shownText(meanKlNats)} ${unit} (${interval}n = ${instructions})`;
}

/** Holds all means, and the intervals of those that are firm: others may be wider than everything else. */
function klAxis(points: readonly KlMean[], input: KlCurvesInput) {
  const { direction, unit, scale } = input;
  const title = `Mean ${direction}, ${unit}`;
  const means = points.map((point) => shown(point.meanKlNats));
  const lengthPx = PANEL_HEIGHT_PX[sheetOf(input).kind] - AXIS_PX;
  if (scale === 'log')
    return {
      type: 'logarithmic' as const,
      ...logRange(means),
      grid: { color: GRID },
      title: axisTitle(title, lengthPx),
    };
  const firm = points.filter((point) => !isFew(point)).map(({ ciHigh }) => shown(ciHigh ?? 0));
  return fromZeroAxis([...means, ...firm], title, lengthPx);
}
