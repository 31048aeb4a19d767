import type { KlCurvesInput } from '../../src/figures/run/kl-curves.ts';
import type { MemoryInput } from '../../src/figures/run/memory-bars.ts';
import type { QualitySpeedInput } from '../../src/figures/run/quality-speed.ts';
import type { ScoreHeatmapsInput } from '../../src/figures/run/score-heatmaps.ts';

export const scores: ScoreHeatmapsInput = {
  judge: 'nano-judge',
  instructions: 170,
  notes: ['Policy: average.'],
  panels: [
    {
      modelA: 'SoFT',
      modelB: 'SFT',
      exitsA: [3, 10],
      exitsB: [4, 9],
      // In an order that is not the matrix's, and 10 against 9 is missing.
      cells: [
        { exitA: 10, exitB: 4, score: 0.875 },
        { exitA: 3, exitB: 9, score: -0.3 },
        { exitA: 3, exitB: 4, score: 0.6 },
      ],
    },
  ],
};

export const kl: KlCurvesInput = {
  direction: 'KL(reference ‖ sub-model)',
  unit: 'nats',
  path: "teacher-forced on the reference's greedy answer",
  notes: ['n = 170.'],
  panels: [
    {
      title: "SFT's exits against SFT's last exit",
      points: [
        { exit: 10, position: 0, meanKlNats: 0, instructions: 170 },
        { exit: 10, position: 1, meanKlNats: 0.03, instructions: 170 },
        { exit: 3, position: 2, meanKlNats: 4.5, instructions: 160 },
        { exit: 3, position: 0, meanKlNats: 6.25, instructions: 170 },
      ],
    },
    {
      title: "SoFT's exits against SFT's last exit",
      points: [{ exit: 3, position: 19, meanKlNats: 0.5, instructions: 90 }],
    },
  ],
};

export const quality: QualitySpeedInput = {
  title: 'Quality and speed by exit',
  quality: { label: 'Exact match with the known answer', range: [0, 1], format: 'percent' },
  notes: ['Two cores.'],
  models: [
    {
      name: 'SoFT',
      points: [
        { exit: 40, quality: 0.81, tokensPerSecond: 1800 },
        { exit: 12, quality: 0.6, tokensPerSecond: 6000 },
        { exit: 16, quality: null, tokensPerSecond: 4500 },
      ],
    },
    { name: 'SFT', points: [{ exit: 12, quality: 0.04, tokensPerSecond: null }] },
  ],
};

export const sizes: MemoryInput = {
  title: 'Memory',
  unit: 'parameters',
  notes: ['Tied heads count once.'],
  bars: [
    { label: 'SFT', body: 1_000_000, embedding: 32_000, head: 0, extraHeads: 0 },
    { label: 'early-exit', body: 1_000_000, embedding: 32_000, head: 0, extraHeads: 228_480 },
  ],
};
