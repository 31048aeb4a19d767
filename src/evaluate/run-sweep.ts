import { requireStored } from '../store/require-stored.ts';
import { finishRun } from '../store/tables/run-table.ts';
import type { CheckRecord } from '../store/tables/score-table.ts';
import type { MissingResults } from './checks/missing.ts';
import type { Sweep } from './open-sweep.ts';
import { requireJudgeKey } from './plan/require-api-keys.ts';
import type { StageCounts, StageOptions } from './stage.ts';
import { figuresStage } from './stages/figures-stage.ts';
import { generateStage } from './stages/generate-stage.ts';
import { judgeStage } from './stages/judge-stage.ts';
import { klStage } from './stages/kl-stage.ts';
import { loglikelihoodStage } from './stages/loglikelihood-stage.ts';
import { scoreStage } from './stages/score-stage.ts';
import { sideBySide } from './stages/side-by-side.ts';
import { speedStage } from './stages/speed-stage.ts';

export interface SweepResult {
  /** What each stage found stored and what it added, in the order in which they ended. */
  readonly stages: readonly StageCounts[];
  readonly checks: readonly CheckRecord[];
  /** Responses and verdicts that servers and files left out. */
  readonly missing: readonly MissingResults[];
  /** Paths of the PNGs. */
  readonly figures: readonly string[];
}

/**
 * Runs all stages in the order of the data; a judge behind a server works while this machine measures. Stored results are not
 * computed again, so the same call resumes a killed run. At its end the results file holds what was written to it.
 * @throws InputError `not-writable` as soon as the results file is deleted, moved or replaced
 */
export async function runSweep(sweep: Sweep): Promise<SweepResult> {
  requireJudgeKey(sweep);
  const stages: StageCounts[] = [];
  const counted = { ...sweep, onStage: (counts: StageCounts) => void stages.push(counts) };
  const missing = await generateStage(counted);
  missing.push(...(await speedStage(counted)));
  missing.push(...(await judgeAndMeasure(counted)));
  const checks = scoreStage(sweep);
  const figures = figuresStage(sweep);
  if (missing.length === 0) finishRun(sweep.store, sweep.run);
  requireStored(sweep.store);
  return { stages, checks, figures, missing };
}

type CountedSweep = Sweep & Pick<StageOptions, 'onStage'>;

async function judgeAndMeasure(sweep: CountedSweep): Promise<MissingResults[]> {
  if (sweep.judge?.isRemote) {
    const works = [judgeAll, measureAll].map((work) => (signal: AbortSignal) => work({ ...sweep, signal }));
    return (await sideBySide(works, sweep.signal)).flat();
  }
  return [...(await judgeAll(sweep)), ...(await measureAll(sweep))];
}

async function judgeAll(sweep: CountedSweep): Promise<MissingResults[]> {
  return sweep.comparisons.length > 0 ? judgeStage(sweep) : [];
}

async function measureAll(sweep: CountedSweep): Promise<MissingResults[]> {
  return [...(await klStage(sweep)), ...(await loglikelihoodStage(sweep))];
}
