import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { SweepConfig } from '../../config/sweep-file.ts';
import { groupedBy } from '../../core/grouped-by.ts';
import type { Progress } from '../../core/progress.ts';
import type { Judge } from '../../judge/judge.ts';
import type { Store } from '../../store/database.ts';
import { noteMissing } from '../checks/missing.ts';
import { closeSweep, openSweep, type Sweep } from '../open-sweep.ts';
import { collectJudgeRequests, type JudgeRequest } from '../plan/judge-requests.ts';
import { generateStage } from '../stages/generate-stage.ts';
import { klStage } from '../stages/kl-stage.ts';
import { loglikelihoodStage } from '../stages/loglikelihood-stage.ts';
import { speedStage } from '../stages/speed-stage.ts';
import type { Pace } from './pace.ts';
import { GROWTH, type Time, timed, within } from './timed-work.ts';
import { type StoredSharing, storedSharing } from './verdict-outlook.ts';

/** Instructions that are tried: as many as the time allows. */
const SAMPLES = [4, 4 * GROWTH, 4 * GROWTH ** 2] as const;
/** Prompts of an instruction that are judged before it is the next one's turn. */
const NEIGHBOURS = 32;
/** Workers at most: work of this many pieces opens each of them. */
const WORKERS = availableParallelism();

/** What a part of the sweep's work took. What is undefined is not known: the time was up before. */
export interface MeasuredSample {
  readonly answers?: MeasuredTexts | undefined;
  /** Undefined also where nothing is judged. */
  readonly verdicts?: MeasuredTexts | undefined;
  /** Of the verdicts; undefined where nothing is judged, or not all of the sample is answered. */
  readonly sharing?: StoredSharing | undefined;
  readonly kl?: MeasuredPasses | undefined;
  readonly loglikelihoods?: MeasuredPasses | undefined;
  readonly speed?: MeasuredRound | undefined;
}

/** Those that ended in time. */
export interface MeasuredTexts extends Pace {
  readonly texts: number;
  /** Of one text; null: not known. */
  readonly tokens: number | null;
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

interface MeasureOptions {
  /** Gets what a sweep's does, also why something failed. */
  readonly progress: Progress;
  readonly signal: AbortSignal;
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
  { progress, signal }: MeasureOptions,
): Promise<MeasuredSample> {
  const folder = mkdtempSync(join(tmpdir(), 'sorted-eval-plan-'));
  try {
    const sweep = await openSweep(sampleFile(config, folder), { progress, signal });
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
  const limit = Math.min(Math.max(...SAMPLES), config.limit ?? Number.POSITIVE_INFINITY);
  const { steps, repetitions } = config.speed;
  const speed = { ...config.speed, steps: Math.ceil(steps / repetitions), repetitions: 1 };
  const file = join(folder, 'sample.yaml');
  const output = join(folder, 'out');
  writeFileSync(file, stringify(JSON.parse(JSON.stringify({ ...config, limit, speed, output }))));
  return file;
}

async function measure(sweep: Sweep, seconds: number, signal: AbortSignal): Promise<MeasuredSample> {
  const time = { seconds, signal };
  const { store, instructions } = sweep;
  const sizes = SAMPLES.filter((_, place) => place === 0 || instructions.length > SAMPLES[place - 1]!);
  const samples = sizes.map((size) => ({ ...sweep, instructions: instructions.slice(0, size) }));
  const answered = await timed(time, {
    runs: [deepestOf(sweep), ...samples].map((part) => (own) => generateStage({ ...part, signal: own })),
    done: () => countOf(store, 'generation'),
  });
  const answers = answered && textsAt(answered.pace, answersIn(store));
  // The first run is of the deepest exits alone.
  const sample = samples[(answered?.ended ?? 0) - 2];
  if (!sample) return { answers };
  return {
    answers,
    ...(await verdictsOf(sample, time)),
    kl: await passesOf(sample, time, {
      table: 'kl_curve',
      stage: klStage,
      isWanted: sample.curves.length > 0,
    }),
    loglikelihoods: await passesOf(sample, time, {
      table: 'likelihood',
      stage: loglikelihoodStage,
      isWanted: sample.scorer !== undefined,
    }),
    speed: await roundOf(sample, time),
  };
}

/** Whatever opens every model in every worker, and little more. */
function deepestOf(sweep: Sweep): Sweep {
  const models = [...sweep.models].map(
    ([name, model]) => [name, { ...model, exits: model.exits.slice(-1) }] as const,
  );
  const instructions = sweep.instructions.slice(0, Math.min(WORKERS, SAMPLES[0]));
  return { ...sweep, models: new Map(models), instructions };
}

type Texts = Omit<MeasuredTexts, keyof Pace>;

/** Where all have failed, nothing is known. */
const textsAt = (pace: Pace, ended: Texts) => (ended.texts === 0 ? undefined : { ...pace, ...ended });

function answersIn(store: Store): Texts {
  const sql = 'SELECT count(*) AS texts, avg(generated_tokens) AS tokens FROM generation';
  return store.get<Texts>(sql, {})!;
}

async function verdictsOf(sweep: Sweep, time: Time): Promise<Pick<MeasuredSample, 'verdicts' | 'sharing'>> {
  const { store, config, comparisons, run } = sweep;
  if (!config.judge || !sweep.judge || comparisons.length === 0) return {};
  const judge = await sweep.judge.open();
  try {
    const requests = inTurns(collectJudgeRequests(sweep, judge).requests);
    const verdicts = await pacedVerdicts({ judge, requests, progress: sweep.progress }, time);
    return { verdicts, sharing: storedSharing(store, run, config.judge) };
  } finally {
    await judge.close();
  }
}

interface Judging {
  readonly judge: Judge;
  readonly requests: readonly JudgeRequest[];
  readonly progress: Progress;
}

/** Nothing is stored: a verdict counts when it comes. */
async function pacedVerdicts(
  { judge, requests, progress }: Judging,
  time: Time,
): Promise<MeasuredTexts | undefined> {
  const lengths: (number | null)[] = [];
  const reasons: string[] = [];
  const label = `${judge.label}: verdicts`;
  const ask = (asked: readonly JudgeRequest[]) => async (own: AbortSignal) => {
    const task = progress.start(label, asked.length, 0);
    try {
      for await (const reply of judge.ask(
        asked.map((request) => ({ ...request, tag: null })),
        own,
      )) {
        task.advance(1);
        if ('error' in reply) reasons.push(reply.error);
        else lengths.push(reply.generatedTokens);
      }
    } finally {
      task.end();
    }
  };
  const runs = [ask(requests.slice(0, WORKERS)), ask(requests.slice(WORKERS))];
  const judged = await timed(time, { runs, done: () => lengths.length });
  noteMissing(progress, { label, total: requests.length, reasons });
  return judged && textsAt(judged.pace, { texts: lengths.length, tokens: meanOf(lengths) });
}

/** Null where a length is not known. */
function meanOf(lengths: readonly (number | null)[]): number | null {
  const known = lengths.filter((length) => length !== null);
  if (known.length < lengths.length) return null;
  return known.reduce((sum, length) => sum + length, 0) / known.length;
}

/**
 * Neighbours stay together, since a judge reads what they share once, but instructions take turns: their texts differ in
 * length, and the time may be up long before the last of them.
 */
export function inTurns(requests: readonly JudgeRequest[]): JudgeRequest[] {
  const byInstruction = groupedBy(requests, ({ pairs }) => pairs[0]!.instructionId);
  const turns = byInstruction.flatMap((own) =>
    own.map((request, place) => ({ turn: Math.floor(place / NEIGHBOURS), request })),
  );
  return turns.sort((left, right) => left.turn - right.turn).map(({ request }) => request);
}

interface Passes {
  readonly table: CountedTable;
  readonly stage: (sweep: Sweep) => Promise<unknown>;
  /** The sweep has such work. */
  readonly isWanted: boolean;
}

/** Undefined also where all of it failed. */
async function passesOf(
  sweep: Sweep,
  time: Time,
  { table, stage, isWanted }: Passes,
): Promise<MeasuredPasses | undefined> {
  const { store, instructions } = sweep;
  const first = { ...sweep, instructions: instructions.slice(0, 1) };
  let ofFirst = 0;
  const runs = [
    async (own: AbortSignal) => {
      await stage({ ...first, signal: own });
      ofFirst = countOf(store, table);
    },
    (own: AbortSignal) => stage({ ...sweep, signal: own }),
  ];
  const passed = await timed(time, { runs, done: () => countOf(store, table) });
  const all = countOf(store, table);
  if (!passed || (isWanted && all === 0)) return undefined;
  const isWhole = passed.ended === runs.length;
  return { ...passed.pace, perInstruction: isWhole ? all / instructions.length : ofFirst };
}

/** Timings do not depend on instructions. */
async function roundOf(sweep: Sweep, { seconds, signal }: Time): Promise<MeasuredRound | undefined> {
  const round = await within(seconds, signal, (own) => speedStage({ ...sweep, signal: own }));
  if (!round.isWhole) return undefined;
  return { seconds: round.seconds, timings: countOf(sweep.store, 'run_speed') };
}

type CountedTable = 'generation' | 'kl_curve' | 'likelihood' | 'run_speed';

function countOf(store: Store, table: CountedTable): number {
  return store.get<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`, {})!.rows;
}
