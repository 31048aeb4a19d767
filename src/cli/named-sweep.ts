/** What the commands over a sweep file have in common. */

import { join, relative, resolve } from 'node:path';
import type { Argv } from 'yargs';
import { NANO_OUTPUT, NANO_SWEEP } from '../config/nano-run.ts';
import { RESULTS_FILE } from '../config/results-file.ts';
import { judgeSetup, runSetup } from '../config/run-setup.ts';
import { readSweepConfig } from '../config/sweep-file.ts';
import { silentProgress } from '../core/progress.ts';
import { countMissing, type MissingResults } from '../evaluate/checks/missing.ts';
import {
  closeSweep,
  openSweep,
  requirePlace,
  type Sweep,
  type SweepOptions,
} from '../evaluate/open-sweep.ts';
import { waitingForServers } from '../sources/http/server-watch.ts';
import { type FoundRun, findRun, findRunOfSetup } from '../store/read/find-run.ts';
import { openResults } from '../store/read/open-results.ts';
import { requireStored } from '../store/require-stored.ts';
import type { CheckRecord } from '../store/tables/score-table.ts';
import { progressOn } from '../terminal/progress-bars.ts';
import { printable } from '../terminal/text-width.ts';
import { type Command, defineCommand } from './command.ts';
import {
  MEMORY_OPTION,
  QUIET_OPTION,
  requireInteger,
  SERVER_OPTION,
  WAIT_OPTION,
  WORKERS_OPTION,
  waitForServerOf,
  workersOf,
} from './options.ts';
import { EXIT, type ExitCode, type Terminal } from './terminal.ts';

export const SWEEP_ARGUMENT = {
  type: 'string',
  describe: 'sweep file (YAML)  [default: the bundled nano run]',
} as const;

export interface SweepArguments {
  readonly sweep: string | undefined;
  readonly memory: number;
  readonly wait: boolean;
  readonly workers: number | undefined;
  readonly 'wait-for-server': number | undefined;
  readonly quiet: boolean;
}

/**
 * `mustExist`: of a command that makes nothing where nothing is stored; `withoutJudge`: of one that works before there is a
 * judge; `servers`: of one that only reads what is stored.
 */
type SweepRequirements = Pick<SweepOptions, 'mustExist' | 'withoutJudge' | 'servers'>;

/** A command `<name> [sweep]` that opens the sweep for the time of `use`. */
export function defineSweepCommand(
  name: string,
  describe: string,
  use: (sweep: Sweep, terminal: Terminal) => ExitCode | Promise<ExitCode>,
  options: SweepRequirements = {},
): Command {
  return defineCommand({
    command: `${name} [sweep]`,
    describe,
    builder: sweepArguments,
    run: (args, terminal) => withNamedSweep(args, terminal, (sweep) => use(sweep, terminal), options),
  });
}

export function sweepArguments(args: Argv): Argv<SweepArguments> {
  return args
    .positional('sweep', SWEEP_ARGUMENT)
    .option('memory', MEMORY_OPTION)
    .option('workers', WORKERS_OPTION)
    .option('wait', WAIT_OPTION)
    .option('wait-for-server', SERVER_OPTION)
    .option('quiet', QUIET_OPTION);
}

/** Opens a sweep for the time of `use`; at the end the results file has what was written to it. */
export async function withNamedSweep<Result>(
  { sweep: path, memory, workers, wait, quiet, 'wait-for-server': seconds }: SweepArguments,
  { stderr, signal }: Terminal,
  use: (sweep: Sweep) => Result | Promise<Result>,
  requirements: SweepRequirements = {},
): Promise<Result> {
  const memoryMB = requireInteger('--memory', memory, { min: 1, unit: 'MB' });
  const output = path === undefined ? { output: resolve(NANO_OUTPUT) } : {};
  const progress = quiet ? silentProgress : progressOn(stderr);
  const limits = { memoryMB, ...workersOf(workers) };
  const options = { ...requirements, progress, signal, wait, ...limits, ...output };
  const patience = { ...waitForServerOf(seconds), note: progress.note };
  return waitingForServers(patience, () => whileOpen(path ?? NANO_SWEEP, options, use));
}

async function whileOpen<Result>(
  path: string,
  options: SweepOptions,
  use: (sweep: Sweep) => Result | Promise<Result>,
): Promise<Result> {
  const sweep = await openSweep(path, options);
  try {
    const result = await use(sweep);
    requireStored(sweep.store);
    return result;
  } catch (error) {
    requirePlace(sweep);
    throw error;
  } finally {
    closeSweep(sweep);
  }
}

export type StoredRun = Pick<Sweep, 'config' | 'run' | 'store'>;

/** Reads a run of a results file; writes nothing. Default: the newest run. */
export function withRunOf<Result>(
  db: string,
  named: string | undefined,
  use: (stored: Pick<StoredRun, 'run' | 'store'>) => Result,
): Result {
  const store = openResults(db);
  try {
    return use({ store, run: findRun(store, named) });
  } finally {
    store.close();
  }
}

/**
 * Reads what is stored of a sweep file's run, or of the one that is named; writes nothing, also while a sweep writes. Another
 * run than the file's is told.
 */
export function withStoredRun<Result>(
  { sweep: path, run: named }: { readonly sweep: string | undefined; readonly run?: string | undefined },
  { stderr }: Pick<Terminal, 'stderr'>,
  use: (stored: StoredRun) => Result,
): Result {
  const { config, written } = readSweepConfig(path ?? NANO_SWEEP);
  const output = path === undefined ? resolve(NANO_OUTPUT) : config.output;
  const store = openResults(join(output, RESULTS_FILE));
  try {
    const { run, other }: FoundRun =
      named === undefined
        ? findRunOfSetup(store, config.name, runSetup(written), judgeSetup(written))
        : { run: findRun(store, named) };
    if (other)
      stderr.write(
        printable(
          `The ${other} of the sweep file is not stored yet: this is run ${run}, with another ${other}.\n`,
        ),
      );
    return use({ config: { ...config, output }, run, store });
  } finally {
    store.close();
  }
}

export function printFigures({ stdout }: Terminal, figures: readonly string[]): void {
  if (figures.length === 0) return;
  const paths = figures.map((path) => relative(process.cwd(), path));
  stdout.write(printable(`\nFigures\n${paths.map((path) => `  ${path}\n`).join('')}`));
}

export function exitCodeOf(checks: readonly CheckRecord[]): ExitCode {
  return checks.every(({ passed, isBadge }) => passed || isBadge) ? EXIT.done : EXIT.failedCheck;
}

/** The last line on stderr; each reason was printed when it came up. */
export function reportMissing({ stderr }: Terminal, missing: readonly MissingResults[]): ExitCode {
  if (countMissing(missing) === 0) return EXIT.done;
  const where = missing
    .map(({ label, reasons, total }) => `${label} ${reasons.length} of ${total}`)
    .join(', ');
  const line = `Missing: ${where}. The others are stored; the same command tries only the missing ones.`;
  stderr.write(printable(`${line}\n`));
  return EXIT.failedCheck;
}
