import { axisTitle } from '../../src/figures/axis/axis-title.ts';
import { exitAxis } from '../../src/figures/axis/exit-axis.ts';
import type { BarConfig, Figure, LineConfig, Panel } from '../../src/figures/chart/figure.ts';
import { markerLegend, styledLine } from '../../src/figures/chart/lines.ts';
import { CATEGORICAL, cycled } from '../../src/figures/chart/palette.ts';
import { panelWidth, SCREEN } from '../../src/figures/chart/sheet.ts';
import { axisTicks, baseOptions, GRID } from '../../src/figures/chart/style.ts';
import type { AnswersData } from './parts/answers.ts';
import type { JudgingData } from './parts/judging.ts';
import type { ExitSpeed, SpeedData } from './parts/speed.ts';

const PANEL_HEIGHT_PX = 340;
const AXIS_PX = 250;

/** Parts that have a panel, as their JSON files hold them. */
export interface FigureParts {
  readonly answers?: Recorded<AnswersData>;
  readonly judging?: Recorded<JudgingData>;
  readonly speed?: Recorded<SpeedData>;
}

type Recorded<Data> = Data & RunHead;

/** Where and when a part was measured. */
export interface RunHead {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGb: number };
  readonly node: string;
  /** ISO 8601 */
  readonly startedAt: string;
}

/** What was measured, a panel each; nothing where no part has one. */
export function benchFigure({ answers, judging, speed }: FigureParts): Figure | undefined {
  const panels = [
    ...(answers ? [secondsPanel(answersTitle(answers), answers.engines)] : []),
    ...(judging ? [secondsPanel(judgingTitle(judging), judging.engines)] : []),
    ...(speed ? [speedPanel(speed, 1), speedPanel(speed, 16)] : []),
  ];
  const parts = [answers, judging, speed].filter((part) => part !== undefined);
  if (panels.length === 0) return undefined;
  const footer = [
    'SmolLM2-135M in float32. Loading models is not counted. Ideal: full depth’s measured speed times what the FLOPs and bytes of an exit’s layers and head save.',
    [...new Set(parts.map(placeAndDay))].join('; '),
  ];
  return { title: 'sorted-eval beside its peers', footer, widthPx: SCREEN.widthPx, panels };
}

function placeAndDay({ machine, startedAt }: RunHead): string {
  return `Measured on ${machine.cores} × ${machine.cpu} on ${startedAt.slice(0, 10)}`;
}

function answersTitle({ instructions, newTokens, engines }: AnswersData): string {
  const exits = engines[0]!.total / instructions;
  return `Answers of ${instructions} instructions at ${exits} exits, up to ${newTokens} tokens`;
}

function judgingTitle({ pairs, newTokens }: JudgingData): string {
  return `Judging ${pairs} pairs in both orders, 4 beams, up to ${newTokens} tokens`;
}

function panel(title: string, config: Panel['config']): Panel {
  return { title, config, widthPx: panelWidth(SCREEN, 2), heightPx: PANEL_HEIGHT_PX };
}

type EngineSeconds = { readonly name: string; readonly seconds: number };

function secondsPanel(title: string, engines: readonly EngineSeconds[]): Panel {
  return panel(title, secondsConfig(engines));
}

function speedPanel({ exits }: SpeedData, batchSize: number): Panel {
  const ofBatch = exits.filter((exit) => exit.batchSize === batchSize);
  return panel(`Decoding by exit, batch ${batchSize}`, speedConfig(ofBatch));
}

const ENGINE_NAMES: Readonly<Record<string, string>> = {
  ours: 'sorted-eval',
  'transformers-js': 'transformers.js',
  pytorch: 'PyTorch',
  'llama-cpp': 'llama.cpp',
  pandalm: "PandaLM's way",
};

function secondsConfig(engines: readonly EngineSeconds[]): BarConfig {
  return {
    type: 'bar',
    data: {
      labels: engines.map(({ name }) => ENGINE_NAMES[name] ?? name),
      datasets: [
        {
          label: 'Seconds',
          data: engines.map(({ seconds }) => seconds),
          backgroundColor: engines.map((_, index) => cycled(CATEGORICAL, index)),
        },
      ],
    },
    options: {
      ...baseOptions(),
      indexAxis: 'y',
      plugins: { legend: { display: false } },
      scales: {
        x: { min: 0, grid: { color: GRID }, ticks: axisTicks(), title: axisTitle('Seconds', AXIS_PX) },
        y: { grid: { display: false }, ticks: { ...axisTicks(), autoSkip: false } },
      },
    },
  };
}

function speedConfig(exits: readonly ExitSpeed[]): LineConfig {
  const layers = exits.map(({ exit }) => exit);
  const line = (label: string, key: 'tokensPerSecond' | 'idealTokensPerSecond', index: number) => {
    const points = exits.map((speed) => ({ x: speed.exit, y: speed[key] }));
    return styledLine(label, points, cycled(CATEGORICAL, index), index);
  };
  return {
    type: 'line',
    data: { datasets: [line('measured', 'tokensPerSecond', 0), line('ideal', 'idealTokensPerSecond', 1)] },
    options: {
      ...baseOptions(),
      plugins: { legend: markerLegend('bottom') },
      scales: {
        x: exitAxis('Exit (layers)', layers),
        y: {
          type: 'linear',
          min: 0,
          grace: '5%',
          grid: { color: GRID },
          ticks: axisTicks(),
          title: axisTitle('Tokens per second', AXIS_PX),
        },
      },
    },
  };
}
