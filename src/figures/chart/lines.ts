import type { PointStyle } from 'chart.js';
import type { LineConfig, LinePoint } from './figure.ts';
import { paler } from './palette.ts';
import { shown, shownText } from './shown.ts';
import { chartFont, LABEL, MUTED_INK } from './style.ts';

const MARKERS: readonly PointStyle[] = [
  'circle',
  'triangle',
  'rect',
  'rectRot',
  'crossRot',
  'star',
  'rectRounded',
  'cross',
];
const MARKER_PX = 4;
const MOST_MARKERS = 20;
const DASHES: readonly number[][] = [[], [8, 4], [2, 3], [10, 3, 2, 3]];

export type LineDataset = LineConfig['data']['datasets'][number];

/** The `index`-th line of a chart: color, marker and dash each differ from those of its neighbors. */
export function styledLine(label: string, data: LinePoint[], color: string, index: number): LineDataset {
  const inks = data.map(({ isFaint = false }) => (isFaint ? paler(color) : color));
  // Every other group of eight is hollow, so that sixteen lines have sixteen markers.
  const isHollow = Math.floor(index / MARKERS.length) % 2 === 1;
  return {
    label,
    data: data.map(roundedPoint),
    borderColor: color,
    segment: { borderColor: ({ p1DataIndex }: { p1DataIndex: number }) => inks[p1DataIndex] },
    backgroundColor: isHollow ? '#ffffff' : color,
    pointBackgroundColor: isHollow ? '#ffffff' : inks,
    borderWidth: 2,
    borderDash: [...DASHES[index % DASHES.length]!],
    pointStyle: MARKERS[index % MARKERS.length]!,
    pointRadius: markerRadii(data, index),
    pointBorderColor: inks,
    pointBorderWidth: 1.5,
    spanGaps: false,
    // Steps of the axis would otherwise be eased into curves without numbers behind them.
    tension: 0,
    // Markers on the edge of the plot must not be halved.
    clip: false,
  };
}

/** Every point has a marker; on long lines some, at other places than those of the neighboring lines. */
function markerRadii(data: readonly LinePoint[], index: number): number | number[] {
  const every = Math.floor(data.length / MOST_MARKERS) + 1;
  if (every === 1) return MARKER_PX;
  const isAlone = (place: number) =>
    [data[place - 1], data[place + 1]].every((point) => (point?.y ?? null) === null);
  return data.map((_, place) => (place % every === index % every || isAlone(place) ? MARKER_PX : 0));
}

function roundedPoint(point: LinePoint): LinePoint {
  const rounded = (value: number | null) => (value === null ? null : shown(value));
  const { y, low, high } = point;
  return {
    ...{ ...point, y: rounded(y) },
    ...(low !== undefined && { low: rounded(low) }),
    ...(high !== undefined && { high: rounded(high) }),
  };
}

/** Right of the plot: half of a marker on its edge. */
export const MARKER_ROOM = { padding: { right: 6 } };

/** The pointer finds the point that is nearest, also where markers lie on each other. */
export const NEAREST = { mode: 'nearest', axis: 'xy', intersect: false } as const;

/** What the results page shows when the pointer is near a point. */
export function pointTooltip() {
  return {
    callbacks: {
      label: ({ dataset, raw }: { dataset: { label?: string | undefined }; raw: unknown }) => {
        const { y, detail = shownText(y ?? 0) } = raw as LinePoint;
        return `${dataset.label ?? ''}: ${detail}`;
      },
    },
  };
}

/** Legend whose keys are the lines' markers. */
export function markerLegend(position: 'right' | 'bottom', title = '') {
  return {
    position,
    title: { display: title !== '', text: title, color: MUTED_INK, font: chartFont(LABEL), padding: 4 },
    labels: { usePointStyle: true, boxHeight: 8, padding: 12, font: chartFont(LABEL) },
  };
}
