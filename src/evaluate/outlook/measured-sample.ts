import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { SweepConfig } from '../../config/sweep-file.ts';
import { silentProgress } from '../../core/progress.ts';
import type { Store } from '../../store/database.ts';
import { closeSweep, openSweep, type Sweep } from '../open-sweep.ts';
import { generateStage } from '../stages/generate-stage.ts';
import { judgeStage } from '../stages/judge-stage.ts';
import { type StoredSharing, storedSharing } from './verdict-outlook.ts';

/** Instructions that are tried. */
const SAMPLE = 16;

/** What a part of the sweep's work took. */
export interface MeasuredSample {
  readonly answersPerSecond: number;
  /** Of one answer. */
  readonly answerTokens: number;
  /** Undefined: the answers took all of the time, or nothing is judged. */
  readonly verdicts?: MeasuredVerdicts | undefined;
}

export interface MeasuredVerdicts {
  readonly perSecond: number;
  readonly tokens: number;
  readonly sharing: StoredSharing;
}

/**
 * Answers and judges the first instructions in a folder of its own, which is removed again: at most `seconds` for each of the two.
 * @param config with absolute paths
 * @throws what a sweep throws; the signal's reason when it is aborted
 */
export async function measureSample(
  config: SweepConfig,
  seconds: number,
  signal: AbortSignal,
): Promise<MeasuredSample> {
  const folder = mkdtempSync(join(tmpdir(), 'sorted-eval-plan-'));
  try {
    const sweep = await openSweep(sampleFile(config, folder), { progress: silentProgress, signal });
    try {
      return await measure(sweep, seconds, signal);
    } finally {
      closeSweep(sweep);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sampleFile(config: SweepConfig, folder: string): string {
  const { kl: _, likelihood: __, ...rest } = config;
  const limit = Math.min(SAMPLE, config.limit ?? SAMPLE);
  const file = join(folder, 'sample.yaml');
  writeFileSync(file, stringify(JSON.parse(JSON.stringify({ ...rest, limit, output: join(folder, 'out') }))));
  return file;
}

async function measure(sweep: Sweep, seconds: number, signal: AbortSignal): Promise<MeasuredSample> {
  const { store } = sweep;
  const answered = await within(seconds, signal, (own) => generateStage({ ...sweep, signal: own }));
  const answers = countOf(store, 'generation');
  const sample = {
    answersPerSecond: answers.rows / answered.seconds,
    answerTokens: answers.tokens / Math.max(1, answers.rows),
  };
  const { judge } = sweep.config;
  if (!answered.isWhole || !judge || sweep.comparisons.length === 0) return sample;
  const judged = await within(seconds, signal, (own) => judgeStage({ ...sweep, signal: own }));
  const { rows, tokens } = countOf(store, 'judgement');
  const sharing = storedSharing(store, sweep.run, judge);
  return {
    ...sample,
    verdicts: { perSecond: rows / judged.seconds, tokens: tokens / Math.max(1, rows), sharing },
  };
}

/** Work that is stopped when its time is up; what it finished is stored. */
async function within(seconds: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<unknown>) {
  const timeUp = AbortSignal.timeout(seconds * 1000);
  const startedAt = performance.now();
  let isWhole = true;
  try {
    await work(AbortSignal.any([signal, timeUp]));
  } catch (error) {
    signal.throwIfAborted();
    if (!timeUp.aborted) throw error;
    isWhole = false;
  }
  return { isWhole, seconds: (performance.now() - startedAt) / 1000 };
}

function countOf(store: Store, table: 'generation' | 'judgement') {
  const sql = `SELECT count(*) AS rows, coalesce(sum(generated_tokens), 0) AS tokens FROM ${table}`;
  return store.get<{ rows: number; tokens: number }>(sql, {})!;
}
