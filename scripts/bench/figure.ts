import { axisTitle } from '../../src/figures/axis-title.ts';
import type { BarConfig, Figure, LineConfig, Panel } from '../../src/figures/figure.ts';
import { integerAxis, markerLegend, styledLine } from '../../src/figures/lines.ts';
import { CATEGORICAL, cycled } from '../../src/figures/palette.ts';
import { axisTicks, baseOptions, FIGURE_WIDTH_PX, GRID, panelWidth } from '../../src/figures/style.ts';
import type { PartReports } from './main.ts';
import type { ExitSpeed } from './parts/speed.ts';

const PANEL_HEIGHT_PX = 340;
const AXIS_PX = 250;

/** What was measured in this run, a panel each; nothing where no part has one. */
export function benchFigure(
  { answers, judging, speed }: PartReports,
  machine: { readonly cpu: string; readonly cores: number },
): Figure | undefined {
  const size = { widthPx: panelWidth(2, 540), heightPx: PANEL_HEIGHT_PX };
  const panels: Panel[] = [];
  if (answers) {
    const { instructions, newTokens, engines } = answers.data;
    const title = `Answers of ${instructions} instructions at 8 exits, up to ${newTokens} tokens`;
    panels.push({ title, config: secondsConfig(engines), ...size });
  }
  if (judging) {
    const { pairs, newTokens, engines } = judging.data;
    const title = `Judging ${pairs} pairs in both orders, 4 beams, up to ${newTokens} tokens`;
    panels.push({ title, config: secondsConfig(engines), ...size });
  }
  for (const batchSize of speed ? [1, 16] : []) {
    const exits = speed!.data.exits.filter((exit) => exit.batchSize === batchSize);
    panels.push({ title: `Decoding by exit, batch ${batchSize}`, config: speedConfig(exits), ...size });
  }
  if (panels.length === 0) return undefined;
  const footer = [
    `SmolLM2-135M in float32, ${machine.cores} × ${machine.cpu}. Loading models is not counted.`,
  ];
  return { title: 'sorted-eval beside its peers', footer, widthPx: FIGURE_WIDTH_PX, panels };
}

const ENGINE_NAMES: Readonly<Record<string, string>> = {
  ours: 'sorted-eval',
  'transformers-js': 'transformers.js',
  pytorch: 'PyTorch',
  'llama-cpp': 'llama.cpp',
  pandalm: "PandaLM's way",
};

function secondsConfig(engines: readonly { readonly name: string; readonly seconds: number }[]): BarConfig {
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
        x: integerAxis('Exit (layers)', Math.min(...layers), Math.max(...layers), 3),
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
