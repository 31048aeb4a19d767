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
import { type Pace, paceFrom, steadyPace } from './pace.ts';
import { type StoredSharing, storedSharing } from './verdict-outlook.ts';

/** Instructions that are tried. */
const SAMPLE = 16;

/** What a part of the sweep's work took. */
export interface MeasuredSample {
  readonly answers: Pace;
  /** Of one answer. */
  readonly answerTokens: number;
  /** Undefined: the answers took all of the time, or nothing is judged. */
  readonly verdicts?: MeasuredVerdicts | undefined;
}

export interface MeasuredVerdicts extends Pace {
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
  const answered = await paceOf(sweep, seconds, signal, 'generation', (own) => generateStage(own));
  const answers = countOf(store, 'generation');
  const sample = {
    answers: answered.pace,
    answerTokens: answers.tokens / Math.max(1, answers.rows),
  };
  const { judge } = sweep.config;
  if (!answered.isWhole || !judge || sweep.comparisons.length === 0) return sample;
  const judged = await paceOf(sweep, seconds, signal, 'judgement', (own) => judgeStage(own));
  const { rows, tokens } = countOf(store, 'judgement');
  const sharing = storedSharing(store, sweep.run, judge);
  return {
    ...sample,
    verdicts: { ...judged.pace, tokens: tokens / Math.max(1, rows), sharing },
  };
}

/**
 * The stage of the first instruction, then of the others: opening a model takes the same time for one as for thousands, so the
 * two runs tell it from the work.
 */
async function paceOf(
  sweep: Sweep,
  seconds: number,
  signal: AbortSignal,
  table: 'generation' | 'judgement',
  stage: (sweep: Sweep) => Promise<unknown>,
): Promise<{ readonly isWhole: boolean; readonly pace: Pace }> {
  const first = { ...sweep, instructions: sweep.instructions.slice(0, 1) };
  const one = await within(seconds, signal, (own) => stage({ ...first, signal: own }));
  const few = countOf(sweep.store, table).rows;
  const left = seconds - one.seconds;
  if (!one.isWhole || left <= 0 || sweep.instructions.length === 1)
    return { isWhole: one.isWhole, pace: steadyPace(few, one.seconds) };
  const rest = await within(left, signal, (own) => stage({ ...sweep, signal: own }));
  const { rows } = countOf(sweep.store, table);
  return { isWhole: rest.isWhole, pace: paceFrom([few, one.seconds], [rows - few, rest.seconds]) };
}

/** Work that is stopped when its time is up; what it finished is stored. */
async function within(seconds: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<unknown>) {
  const timeUp = AbortSignal.timeout(Math.ceil(seconds * 1000));
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
