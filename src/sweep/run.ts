import { finishRun } from '../store/runs.ts';
import type { CheckRecord } from '../store/scores.ts';
import { checkJudgeKey } from './api-keys.ts';
import { figuresStage } from './figures.ts';
import { generateStage } from './generate.ts';
import { judgeStage } from './judge.ts';
import { klStage } from './kl.ts';
import { likelihoodStage } from './likelihood.ts';
import { speedStage } from './measure-speed.ts';
import type { Missing } from './missing.ts';
import type { Sweep } from './open.ts';
import { scoreStage } from './score.ts';
import { sideBySide } from './side-by-side.ts';

export interface SweepResult {
  readonly checks: readonly CheckRecord[];
  /** What servers and files left out. */
  readonly missing: readonly Missing[];
  /** Paths of the PNGs. */
  readonly figures: readonly string[];
}

/**
 * All stages in the order of the data; a judge behind a server reads while this machine measures. Each finds in the store
 * what is known, so the same call resumes a killed run.
 */
export async function runSweep(sweep: Sweep): Promise<SweepResult> {
  checkJudgeKey(sweep);
  const missing = await generateStage(sweep);
  await speedStage(sweep);
  missing.push(...(await judgeAndMeasure(sweep)));
  const checks = scoreStage(sweep);
  const figures = figuresStage(sweep);
  if (missing.length === 0) finishRun(sweep.store, sweep.run);
  return { checks, figures, missing };
}

async function judgeAndMeasure(sweep: Sweep): Promise<Missing[]> {
  const { judge } = sweep.config;
  const isRemote = judge !== undefined && 'endpoint' in judge;
  if (isRemote) return (await sideBySide(sweep, [judgeAll, measureAll])).flat();
  return [...(await judgeAll(sweep)), ...(await measureAll(sweep))];
}

async function judgeAll(sweep: Sweep): Promise<Missing[]> {
  return sweep.comparisons.length > 0 ? judgeStage(sweep) : [];
}

async function measureAll(sweep: Sweep): Promise<Missing[]> {
  await klStage(sweep);
  await likelihoodStage(sweep);
  return [];
}
