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
import { klStage } from '../stages/kl-stage.ts';
import { loglikelihoodStage } from '../stages/loglikelihood-stage.ts';
import { speedStage } from '../stages/speed-stage.ts';
import { type Pace, paceFrom, steadyPace } from './pace.ts';
import { type StoredSharing, storedSharing } from './verdict-outlook.ts';

/** Instructions that are tried. */
const SAMPLE = 16;

/** What a part of the sweep's work took. What is undefined is not known: the time was up before. */
export interface MeasuredSample {
  readonly answers: Pace;
  /** Of one answer. */
  readonly answerTokens: number;
  /** Undefined also where nothing is judged. */
  readonly verdicts?: MeasuredVerdicts | undefined;
  readonly kl?: MeasuredPasses | undefined;
  readonly loglikelihoods?: MeasuredPasses | undefined;
  readonly speed?: MeasuredRound | undefined;
}

export interface MeasuredPasses extends Pace {
  /** Rows of the results file that one instruction gets. */
  readonly perInstruction: number;
}

/** One round of all timings. */
export interface MeasuredRound {
  readonly seconds: number;
  readonly timings: number;
}

export interface MeasuredVerdicts extends Pace {
  readonly tokens: number;
  readonly sharing: StoredSharing;
}

/**
 * Answers, judges and measures the first instructions in a folder of its own, which is removed again: at most `seconds` for each
 * kind of work.
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
  const limit = Math.min(SAMPLE, config.limit ?? SAMPLE);
  const { steps, repetitions } = config.speed;
  const speed = { ...config.speed, steps: Math.ceil(steps / repetitions), repetitions: 1 };
  const file = join(folder, 'sample.yaml');
  const output = join(folder, 'out');
  writeFileSync(file, stringify(JSON.parse(JSON.stringify({ ...config, limit, speed, output }))));
  return file;
}

async function measure(sweep: Sweep, seconds: number, signal: AbortSignal): Promise<MeasuredSample> {
  const time = { seconds, signal };
  const { isWhole, pace } = await paceOf(sweep, time, 'generation', (own) => generateStage(own));
  const answers = countOf(sweep.store, 'generation');
  const sample = { answers: pace, answerTokens: tokensIn(sweep.store, 'generation') / Math.max(1, answers) };
  if (!isWhole) return sample;
  return {
    ...sample,
    verdicts: await verdictsOf(sweep, time),
    kl: await passesOf(sweep, time, 'kl_curve', (own) => klStage(own)),
    loglikelihoods: await passesOf(sweep, time, 'likelihood', (own) => loglikelihoodStage(own)),
    speed: await roundOf(sweep, time),
  };
}

interface Time {
  readonly seconds: number;
  readonly signal: AbortSignal;
}

async function verdictsOf(sweep: Sweep, time: Time): Promise<MeasuredVerdicts | undefined> {
  const { store, config, comparisons, run } = sweep;
  if (!config.judge || comparisons.length === 0) return undefined;
  const { pace } = await paceOf(sweep, time, 'judgement', (own) => judgeStage(own));
  const tokens = tokensIn(store, 'judgement') / Math.max(1, countOf(store, 'judgement'));
  return { ...pace, tokens, sharing: storedSharing(store, run, config.judge) };
}

async function passesOf(
  sweep: Sweep,
  time: Time,
  table: CountedTable,
  stage: (sweep: Sweep) => Promise<unknown>,
): Promise<MeasuredPasses | undefined> {
  const { perInstruction, pace } = await paceOf(sweep, time, table, stage);
  return perInstruction === undefined ? undefined : { ...pace, perInstruction };
}

/** Timings do not depend on instructions. */
async function roundOf(sweep: Sweep, { seconds, signal }: Time): Promise<MeasuredRound | undefined> {
  const round = await within(seconds, signal, (own) => speedStage({ ...sweep, signal: own }));
  if (!round.isWhole) return undefined;
  return { seconds: round.seconds, timings: countOf(sweep.store, 'run_speed') };
}

/**
 * The stage of the first instruction, then of the others: opening a model takes the same time for one as for thousands, so the
 * two runs tell it from the work.
 */
async function paceOf(
  sweep: Sweep,
  { seconds, signal }: Time,
  table: CountedTable,
  stage: (sweep: Sweep) => Promise<unknown>,
): Promise<{ readonly isWhole: boolean; readonly perInstruction: number | undefined; readonly pace: Pace }> {
  const first = { ...sweep, instructions: sweep.instructions.slice(0, 1) };
  const one = await within(seconds, signal, (own) => stage({ ...first, signal: own }));
  const few = countOf(sweep.store, table);
  const perInstruction = one.isWhole ? few : undefined;
  const left = seconds - one.seconds;
  if (!one.isWhole || left <= 0 || sweep.instructions.length === 1)
    return { isWhole: one.isWhole, perInstruction, pace: steadyPace(few, one.seconds) };
  const rest = await within(left, signal, (own) => stage({ ...sweep, signal: own }));
  const all = countOf(sweep.store, table);
  const pace = paceFrom([few, one.seconds], [all - few, rest.seconds]);
  return {
    isWhole: rest.isWhole,
    perInstruction: rest.isWhole ? all / sweep.instructions.length : few,
    pace,
  };
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

type CountedTable = 'generation' | 'judgement' | 'kl_curve' | 'likelihood' | 'run_speed';

function countOf(store: Store, table: CountedTable): number {
  return store.get<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`, {})!.rows;
}

function tokensIn(store: Store, table: 'generation' | 'judgement'): number {
  const sql = `SELECT coalesce(sum(generated_tokens), 0) AS tokens FROM ${table}`;
  return store.get<{ tokens: number }>(sql, {})!.tokens;
}
