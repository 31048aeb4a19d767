import type { KlPoint } from '../../core/domain.ts';
import { panelWidth, type Sheet } from '../chart/sheet.ts';
import { integerAxis } from './integer-axis.ts';

/** What stands beside the plot, and the width of a digit of a label and of the room around it. */
const BESIDE_PX = { screen: 150, paper: 60 } as const;
const DIGIT_PX = 8;
const LABEL_GAP_PX = 6;

/** What the widest labels leave of a panel, one of so many. */
export function plotWidth(sheet: Sheet, panels: number): number {
  return panelWidth(sheet, panels) - BESIDE_PX[sheet.kind];
}

/** Positions, and below them of how many instructions the means are. */
export function positionAxis(points: readonly KlPoint[], lastPosition: number, plotPx: number) {
  const counts = new Map<number, number>();
  for (const { position, instructions } of points)
    counts.set(position, Math.max(instructions, counts.get(position) ?? 0));
  const digits = Math.max(...[...counts.values()].map((count) => countText(count).length));
  const step = positionStep(lastPosition, plotPx / (digits * DIGIT_PX + LABEL_GAP_PX));
  const axis = integerAxis('Output position; below it n', 0, Math.max(1, lastPosition), step);
  const callback = (value: number | string) => [`${value}`, countText(counts.get(Number(value)))];
  return { ...axis, ticks: { ...axis.ticks, callback } };
}

const countText = (count: number | undefined) => (count === undefined ? '–' : count.toLocaleString('en-US'));

/** Few ticks, at round numbers, whatever the length. */
function positionStep(lastPosition: number, mostTicks: number): number {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500];
  return steps.find((step) => lastPosition / step <= mostTicks) ?? Math.ceil(lastPosition / 10);
}
