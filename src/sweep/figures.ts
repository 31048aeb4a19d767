import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { renderFigure } from '../figures/canvas.ts';
import type { Figure } from '../figures/figure.ts';
import { klFigure, memoryFigure, qualitySpeedFigure, scoresFigure } from '../figures/run-figures.ts';
import { readHumanAgreement } from '../store/human-agreement.ts';
import { readKlPoints } from '../store/kl-points.ts';
import { readOrderCounts } from '../store/position-bias.ts';
import { type RunHead, readRunHead } from '../store/run-head.ts';
import { readJudgeAgreement, readScores } from '../store/scores.ts';
import { readQuality, readSpeed } from '../store/speed.ts';
import type { Sweep } from './open.ts';

/**
 * Draws the figures that the stored results allow and writes them beside the results file.
 * @returns paths of the PNGs
 */
export function figuresStage(sweep: Sweep): string[] {
  const { store, run } = sweep;
  const head = readRunHead(store, run)!;
  const figures: readonly [string, Figure | undefined][] = [
    ['scores.png', scores(sweep, head)],
    ['kl.png', klFigure(head, readKlPoints(store, run))],
    ['quality-speed.png', qualitySpeedFigure(head, readQuality(store, run), readSpeed(store, run))],
    ['memory.png', memoryFigure(head)],
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

function scores({ store, run, comparisons, config }: Sweep, head: RunHead): Figure | undefined {
  const evidence = {
    orders: comparisons.flatMap(({ name }) => readOrderCounts(store, run, name)),
    malformedRule: config.malformed,
    agreement: readJudgeAgreement(store, run),
    people: readHumanAgreement(store, run),
  };
  return scoresFigure(head, readScores(store, run), evidence, config.policy);
}
