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

export interface SweepResult {
  readonly checks: readonly CheckRecord[];
  /** What servers and files left out. */
  readonly missing: readonly Missing[];
  /** Paths of the PNGs. */
  readonly figures: readonly string[];
}

/** All stages in the order of the data. Each finds in the store what is known, so the same call resumes a killed run. */
export async function runSweep(sweep: Sweep): Promise<SweepResult> {
  checkJudgeKey(sweep);
  const missing = await generateStage(sweep);
  await speedStage(sweep);
  if (sweep.comparisons.length > 0) missing.push(...(await judgeStage(sweep)));
  await klStage(sweep);
  await likelihoodStage(sweep);
  const checks = scoreStage(sweep);
  const figures = figuresStage(sweep);
  if (missing.length === 0) finishRun(sweep.store, sweep.run);
  return { checks, figures, missing };
}
