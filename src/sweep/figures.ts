import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { renderFigure } from '../figures/canvas.ts';
import type { Figure } from '../figures/figure.ts';
import { klCurves } from '../figures/kl-curves.ts';
import { memory, separateModels } from '../figures/memory.ts';
import { qualitySpeed } from '../figures/quality-speed.ts';
import { scoreHeatmaps } from '../figures/score-heatmaps.ts';
import { readKlPoints } from '../store/kl.ts';
import { readModels } from '../store/models.ts';
import { readJudge } from '../store/runs.ts';
import { type CellScore, readScores } from '../store/scores.ts';
import { readQuality, readSpeed } from '../store/speed.ts';
import type { Sweep } from './open.ts';
import { scoreNotes } from './score-notes.ts';

/**
 * Draws the figures that the stored results allow and writes them beside the results file.
 * @returns paths of the PNGs
 */
export function figuresStage(sweep: Sweep): string[] {
  const figures: readonly [string, Figure | undefined][] = [
    ['scores.png', scoresFigure(sweep)],
    ['kl.png', klFigure(sweep)],
    ['quality-speed.png', qualitySpeedFigure(sweep)],
    ['memory.png', memoryFigure(sweep)],
  ];
  return figures.flatMap(([name, figure]) => {
    if (!figure) return [];
    const path = join(sweep.config.output, name);
    writeFigure(path, renderFigure(figure));
    return [path];
  });
}

export function writeFigure(path: string, png: Buffer): void {
  try {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, png);
  } catch (cause) {
    throw new InputError({
      code: 'not-writable',
      where: path,
      expected: 'to write a figure',
      found: String((cause as NodeJS.ErrnoException).code),
      fix: 'Name an output directory that is writable.',
      cause,
    });
  }
}

/** Figure 1 of the paper. */
function scoresFigure(sweep: Sweep): Figure | undefined {
  const { store, run, comparisons } = sweep;
  const scores = readScores(store, run).filter(({ policy }) => policy === sweep.config.policy);
  const judge = readJudge(store, run);
  if (scores.length === 0 || !judge) return undefined;
  return scoreHeatmaps({
    judge: judge.judge,
    instructions: sweep.instructions.length,
    panels: comparisons.map(({ name, modelA, modelB, exitsA, exitsB }) => ({
      modelA: labelOf(sweep, modelA),
      modelB: labelOf(sweep, modelB),
      exitsA,
      exitsB,
      cells: scores.filter(({ comparison }) => comparison === name).map(readableScore),
    })),
    notes: scoreNotes(sweep, judge.deviations),
  });
}

/** A cell whose verdicts are all malformed has a score of 0 by its formula and nothing to say: it is drawn as missing. */
function readableScore({ exitA, exitB, score, malformed, total }: CellScore) {
  return { exitA, exitB, score: malformed < total ? score : null };
}

/** Figure 2 of the paper: one panel for each curve. */
function klFigure(sweep: Sweep): Figure | undefined {
  const points = readKlPoints(sweep.store, sweep.run);
  if (points.length === 0) return undefined;
  const curves = [...new Set(points.map(({ curve }) => curve))];
  const inFileOrder = (sweep.config.kl?.curves ?? []).map(
    ({ model, reference }) => `${model} from ${reference}@`,
  );
  const rank = (curve: string) => inFileOrder.findIndex((prefix) => curve.startsWith(prefix));
  curves.sort((left, right) => rank(left) - rank(right));
  return klCurves({
    direction: 'KL(reference ‖ sub-model)',
    unit: 'nats',
    path: "teacher-forced on the reference's greedy answer",
    notes: [
      `Mean over the instructions whose reference answer reaches the position; n = ${sweep.instructions.length} at position 0.`,
    ],
    panels: curves.map((curve) => {
      const own = points.filter((point) => point.curve === curve);
      const { model, referenceModel, referenceExit } = own[0]!;
      const reference = model === referenceModel ? 'its own' : `${labelOf(sweep, referenceModel)}'s`;
      return {
        title: `${labelOf(sweep, model)}'s exits from ${reference} exit ${referenceExit}`,
        points: own,
      };
    }),
  });
}

function qualitySpeedFigure(sweep: Sweep): Figure | undefined {
  const { store, run, config } = sweep;
  const quality = readQuality(store, run);
  const batchSize = config.speed.batchSizes[0]!;
  const speed = readSpeed(store, run).filter((record) => record.batchSize === batchSize);
  if (quality.length === 0 && speed.length === 0) return undefined;
  return qualitySpeed({
    title: `Quality and speed by exit (n = ${sweep.instructions.length})`,
    quality: { label: 'Exact match with the known answer', range: [0, 1], format: 'percent' },
    notes: [
      `Speed: greedy decoding, batch ${batchSize}, prefill not counted, nothing else in flight; this machine.`,
      ...(quality.length === 0 ? ['The instruction set has no known answers, so quality is not drawn.'] : []),
    ],
    models: [...sweep.models.values()].map(({ name, label, exits }) => ({
      name: label,
      points: exits.map((exit) => {
        const isThis = (record: { model: string; exit: number }) =>
          record.model === name && record.exit === exit;
        const measured = speed.find(isThis);
        return {
          exit,
          quality: quality.find(isThis)?.exactMatch ?? null,
          tokensPerSecond: measured ? (measured.tokens / measured.durationMs) * 1000 : null,
        };
      }),
    })),
  });
}

function memoryFigure(sweep: Sweep): Figure | undefined {
  // Of a model behind a server or in a file the size is not known.
  const models = readModels(sweep.store, sweep.run).filter(({ bodyParameters }) => bodyParameters > 0);
  if (models.length === 0) return undefined;
  const bars = models.map((model) => ({
    label: labelOf(sweep, model.model),
    body: model.bodyParameters,
    embedding: model.embeddingParameters,
    head: model.headParameters,
    extraHeads: model.extraHeadParameters,
  }));
  const first = models[0]!;
  const exits = first.subModels.map(({ exit }) => exit);
  const separate = separateModels(bars[0]!, exits, first.layers);
  return memory({
    title: 'Parameters of one model that serves all exits',
    unit: 'parameters',
    bars: [...bars, { label: `${exits.length} separate models`, ...separate }],
    notes: [
      'Extra exit heads of an early-exit model: (|B| − 1)·D·V parameters, |B| exits, width D, vocabulary V.',
      `Separate models: one for each exit ${exits.join(', ')}, each with its own layers, embedding and head.`,
    ],
  });
}

function labelOf(sweep: Sweep, model: string): string {
  return sweep.models.get(model)?.label ?? model;
}
