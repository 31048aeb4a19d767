import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RESULTS_FILE } from '../config/results-file.ts';
import { judgeSetup } from '../config/run-setup.ts';
import type { SweepConfig } from '../config/sweep-file.ts';
import { readSweepConfig } from '../config/sweep-file.ts';
import type { Comparison, Instruction } from '../core/domain.ts';
import { removeLeftovers } from '../core/leftovers.ts';
import type { Progress } from '../core/progress.ts';
import { readInstructions } from '../data/instructions.ts';
import type { SweepModel } from '../sources/model-source.ts';
import { MODELS_FOLDER } from '../sources/prepare-folder.ts';
import type { AskServers } from '../sources/served/open-served.ts';
import { type PreparedJudge, prepareJudge, prepareModels } from '../sources/sources.ts';
import { openStore, requireResultsFile, type Store } from '../store/database.ts';
import { type FolderOwner, ownFolder, releaseAfterError } from '../store/folder-owner.ts';
import type { JudgeIdentity } from '../store/tables/judge-table.ts';
import { checkLongPrompts } from './plan/model-prompts.ts';
import { checkSpeed, planComparisons } from './plan/plan-comparisons.ts';
import { type Curve, planCurves } from './plan/plan-curves.ts';
import { planScorer, type Scorer } from './plan/plan-scorer.ts';
import { registerRun } from './register-run.ts';

/** An open sweep. Each stage takes the part of it that its own context type names. */
export interface Sweep {
  readonly config: SweepConfig;
  /** Key of the run in the results file: its name, or `name~…` for a further run of that name. */
  readonly run: string;
  /** This process alone writes to the output folder. */
  readonly owner: FolderOwner;
  readonly store: Store;
  readonly instructions: readonly Instruction[];
  readonly models: ReadonlyMap<string, SweepModel>;
  readonly comparisons: readonly Comparison[];
  readonly curves: readonly Curve[];
  /** For the loglikelihood of responses. */
  readonly scorer: Scorer | undefined;
  /** Not yet open; missing if the sweep file names none. */
  readonly judge: PreparedJudge | undefined;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  readonly memoryMB?: number;
  readonly workers?: number;
}

export interface SweepOptions {
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  /** Absolute path of the output folder. Default: the sweep file's. */
  readonly output?: string;
  /** MB for keys and values of prompts that are kept for reuse or prefilled ahead; changes the speed only. */
  readonly memoryMB?: number;
  /** Default: waits while another command works in the output folder. `false`: refuses. */
  readonly wait?: boolean;
  /** The judge is not prepared, and may not be there yet. Default: it is. */
  readonly withoutJudge?: boolean;
  /** `recall`: servers are not asked where it is known what they said before. Default: they are asked. */
  readonly servers?: AskServers;
  /** Refuses where the sweep's run is not stored yet, and makes nothing. Default: starts it. */
  readonly mustExist?: boolean;
  /** Threads with weights of their own that share the work; changes the speed only. Default: one per core where memory holds them. */
  readonly workers?: number;
}

/**
 * Reads the sweep file, imports checkpoints that are not imported yet, hashes weights on their first use and opens the
 * results file. It computes nothing, and finds invalid input before it touches the results file. Until it is closed, this
 * process owns the output folder; another owner is waited for.
 * @throws InputError for invalid input; `in-use` where another command works in the folder and `wait` is false
 */
export async function openSweep(
  path: string,
  { output, wait = true, ...options }: SweepOptions,
): Promise<Sweep> {
  const { config: named, written } = readSweepConfig(path);
  const config = { ...named, output: output ?? named.output };
  const { progress, signal, mustExist } = options;
  if (mustExist) requireResultsFile(join(config.output, RESULTS_FILE));
  const set = readInstructions(config.instructions, config.records, progress.note);
  const instructions = set.slice(0, config.limit);
  noteSystemTexts(instructions, config, progress);
  const owner = await ownFolder(config.output, { wait, note: progress.note, signal });
  try {
    return await openOwned({ path, config, written, instructions, setSize: set.length, owner, options });
  } catch (error) {
    releaseAfterError(owner);
    throw error;
  }
}

/** A judge's prompt has no place for them. */
function noteSystemTexts(
  instructions: readonly Instruction[],
  { judge }: SweepConfig,
  { note }: Progress,
): void {
  const count = instructions.filter(({ system }) => system !== undefined).length;
  if (count > 0 && judge)
    note(`${count} instructions have a system text: models read it, the judge does not.`);
}

interface OwnedSweep extends Pick<Sweep, 'config' | 'instructions' | 'owner'> {
  /** Instructions before `limit`. */
  readonly setSize: number;
  /** Of the sweep file. */
  readonly path: string;
  readonly written: SweepConfig;
  readonly options: Omit<SweepOptions, 'output' | 'wait'>;
}

async function openOwned({ path, written, options, ...opened }: OwnedSweep): Promise<Sweep> {
  const { config } = opened;
  removeLeftovers(join(config.output, MODELS_FOLDER));
  const results = join(config.output, RESULTS_FILE);
  // An unusable results file is reported before gigabytes of weights are read; a new one is made when all else is well.
  let store = existsSync(results) ? openStore(results) : undefined;
  try {
    const planned = await planSweep({ path, written, options, ...opened });
    store ??= openStore(results);
    const run = registerRun(store, written, { ...opened, ...planned }, options);
    const { identity: _, ...sweep } = planned;
    return { ...opened, run, store, ...sweep, ...options };
  } catch (error) {
    store?.close();
    throw error;
  }
}

/** All of a sweep that its results file plays no part in. */
async function planSweep({ path, written, options, config, instructions, setSize }: OwnedSweep) {
  const prepare = { ...options, output: config.output };
  const models = await prepareModels(config.models, { ...prepare, instructions, setSize });
  const { identical } = config;
  const setup = judgeSetup(written);
  const wanted = options.withoutJudge ? undefined : config.judge;
  const judge = wanted && (await prepareJudge(wanted, { ...prepare, identical, setup }));
  const comparisons = planComparisons(config, models, path);
  checkSpeed(config, models, path);
  checkLongPrompts(config, models, instructions, path);
  const curves = planCurves(config, models, path);
  const scorer = planScorer(config, models, path);
  const identity = judge && comparisons.length > 0 ? await identityOf(judge) : undefined;
  return { models, judge, comparisons, curves, scorer, identity };
}

/** @throws InputError `not-writable` when output folder or results file were lost, which explains any other error */
export function requirePlace({ store, owner }: Pick<Sweep, 'store' | 'owner'>): void {
  owner.requireFolder();
  // Every transaction checks the file.
  store.transaction(() => {});
}

export function closeSweep({ store, owner }: Pick<Sweep, 'store' | 'owner'>): void {
  store.close();
  owner.release();
}

/** What the verdicts of a judge will depend on; nothing is asked. */
async function identityOf(prepared: PreparedJudge): Promise<JudgeIdentity> {
  const judge = await prepared.open();
  await judge.close();
  return { judgeKey: judge.key, decoding: judge.decoding };
}
