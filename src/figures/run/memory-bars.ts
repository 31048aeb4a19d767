import { axisTitle, titleLines } from '../axis/axis-title.ts';
import { roundRange } from '../axis/linear-axis.ts';
import { barTexts } from '../chart/bar-texts.ts';
import type { BarConfig, Figure } from '../chart/figure.ts';
import { humanBytes, humanCount } from '../chart/format-number.ts';
import { widthEm } from '../chart/letter-widths.ts';
import { CATEGORICAL } from '../chart/palette.ts';
import { requireData, requireFinite } from '../chart/require-panels.ts';
import { innerWidth, SCREEN, type Sheet } from '../chart/sheet.ts';
import { axisTicks, baseOptions, chartFont, GRID, LABEL } from '../chart/style.ts';

/** What a model is made of, all in one unit: bytes or parameters. */
export interface MemoryParts {
  /** Layers, and the final norm. */
  readonly body: number;
  readonly embedding: number;
  /** 0 where the head is tied to the embedding. */
  readonly head: number;
  /** Heads of an early-exit model beyond its first: (|B| − 1)·D·V. */
  readonly extraHeads: number;
}

export interface MemoryBar extends MemoryParts {
  /** E.g. `SoFT`, or `8 separate models` for the reference. */
  readonly label: string;
}

export interface MemoryInput {
  readonly title: string;
  readonly unit: 'bytes' | 'parameters';
  readonly bars: readonly MemoryBar[];
  readonly notes: readonly string[];
  /** Default: a screen. */
  readonly sheet?: Sheet | undefined;
}

const PARTS: readonly { key: keyof MemoryParts; label: string }[] = [
  { key: 'body', label: 'Body layers' },
  { key: 'embedding', label: 'Embedding' },
  { key: 'head', label: 'Head' },
  { key: 'extraHeads', label: 'Extra exit heads' },
];
const BAR_HEIGHT_PX = { screen: 56, paper: 34 } as const;
const FRAME_HEIGHT_PX = 110;
/** Width of a letter of the totals and of the plot, both on the safe side: configurations cannot measure text. */
const LETTER_PX = 8.5;
/** Of the widest sheet, and what stands beside the plot of others. */
const PLOT_PX = 850;
const BESIDE_PX = 50;
const LABEL_PX = { screen: 260, paper: 120 } as const;

/**
 * What one model per exit would take together: each with its own first `exit` layers, embedding and head.
 * @param model one model of `layers` layers
 */
export function separateModels(model: MemoryParts, exits: readonly number[], layers: number): MemoryParts {
  const depth = exits.reduce((sum, exit) => sum + exit / layers, 0);
  return {
    body: model.body * depth,
    embedding: model.embedding * exits.length,
    head: model.head * exits.length,
    extraHeads: 0,
  };
}

/** Stacked bars, one for each model. @throws InputError `empty` without bars. */
export function memory(input: MemoryInput): Figure {
  requireData('memory', 'model', input.bars);
  const { sheet = SCREEN } = input;
  const panel = {
    title: '',
    config: memoryConfig(input),
    widthPx: innerWidth(sheet),
    heightPx: FRAME_HEIGHT_PX + input.bars.length * BAR_HEIGHT_PX[sheet.kind],
  };
  return { title: input.title, footer: input.notes, widthPx: sheet.widthPx, panels: [panel], sheet };
}

export function memoryConfig(input: MemoryInput): BarConfig {
  requireData('memory', 'model', input.bars);
  const human = input.unit === 'bytes' ? humanBytes : humanCount;
  const { sheet = SCREEN } = input;
  // On paper the legend's part is enough to see.
  const totals = input.bars.map((bar) =>
    sheet.kind === 'paper' ? human(sizeOf(bar)) : totalText(bar, human),
  );
  const plotPx = plotWidth(input.bars, sheet);
  const { max, stepSize } = roundRange(Math.max(...input.bars.map(sizeOf)));
  return {
    type: 'bar',
    data: { labels: input.bars.map(({ label }) => linesOf(label, sheet)), datasets: datasets(input.bars) },
    options: {
      ...baseOptions(),
      indexAxis: 'y',
      layout: { padding: { right: roomForTotals(input.bars, totals, plotPx) } },
      plugins: { legend: legend() },
      scales: {
        x: {
          stacked: true,
          min: 0,
          max,
          grid: { color: GRID },
          ticks: { ...axisTicks(), stepSize, maxRotation: 0, callback: (value) => human(Number(value)) },
          title: axisTitle(input.unit === 'bytes' ? 'Bytes (1 MB = 1,000,000 bytes)' : 'Parameters', plotPx),
        },
        y: { stacked: true, grid: { display: false }, ticks: { ...axisTicks(), autoSkip: false } },
      },
    },
    plugins: [barTexts(totals, human)],
  };
}

/** `5.4 MB (extra heads 0.6 MB)`: the extra heads are too thin to carry their number themselves. */
export function totalText(bar: MemoryBar, human: (value: number) => string): string {
  const total = human(sizeOf(bar));
  return bar.extraHeads === 0 ? total : `${total} (extra heads ${human(bar.extraHeads)})`;
}

function sizeOf(bar: MemoryParts): number {
  return bar.body + bar.embedding + bar.head + bar.extraHeads;
}

/** Chart.js takes an array as lines. */
function linesOf(label: string, { kind }: Sheet): string {
  const lines = titleLines(label, LABEL_PX[kind]);
  return (lines.length > 1 ? lines : label) as string;
}

/** Between the labels and where totals begin. */
function plotWidth(bars: readonly MemoryBar[], sheet: Sheet): number {
  if (sheet.kind === 'screen') return PLOT_PX;
  const labelPx = Math.min(
    LABEL_PX.paper,
    Math.max(...bars.map(({ label }) => widthEm(label))) * LABEL.sizePx,
  );
  return Math.max(60, innerWidth(sheet) - labelPx - BESIDE_PX);
}

/** Pixels that totals take beyond the plot: those of short bars have room inside it. */
function roomForTotals(bars: readonly MemoryBar[], totals: readonly string[], plotPx: number): number {
  const longest = Math.max(...bars.map(sizeOf));
  const overhangs = bars.map((bar, index) => {
    const freePx = (1 - sizeOf(bar) / longest) * plotPx;
    return totals[index]!.length * LETTER_PX + 12 - freePx;
  });
  return Math.ceil(Math.max(20, ...overhangs));
}

/** Parts that no model has are left out of the legend. */
function datasets(bars: readonly MemoryBar[]): BarConfig['data']['datasets'] {
  return PARTS.flatMap(({ key, label }, index) => {
    // Parts of separate models are shares of a model's.
    const data = bars.map((bar) => Math.round(requireFinite(`memory, ${bar.label}`, bar[key])));
    if (data.every((value) => value === 0)) return [];
    return [{ label, data, backgroundColor: CATEGORICAL[index]!, borderColor: '#ffffff', borderWidth: 1 }];
  });
}

function legend() {
  return {
    position: 'top' as const,
    align: 'start' as const,
    labels: { font: chartFont(LABEL), boxWidth: 16 },
  };
}
