/** The life of the process: signals, streams that break, and one outcome in any case. The only file that exits. */

import { printable } from '../terminal/text-width.ts';
import { allJobsEnded } from '../worker/running-jobs.ts';
import { asLimit } from './machine-limits.ts';
import { EXIT, type ExitCode, INTERRUPTED } from './terminal.ts';

/** A closed terminal (SIGHUP) stops a sweep as Ctrl-C does. */
const STOP_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** A second Ctrl-C waits this long for the step in progress. */
const MAX_STEP_MS = 1000;

/** How the process ends. What comes first counts. */
interface Outcome {
  exitCode: ExitCode | undefined;
}

/** Runs the command line of this process to its exit code. */
export async function runProcess(): Promise<void> {
  const outcome: Outcome = { exitCode: undefined };
  const interrupt = stopOnSignals();
  outliveStreams(outcome);
  catchBugs(outcome, interrupt);
  const { main } = await import('./cli.ts');
  const { stdout, stderr } = process;
  settle(outcome, await main(process.argv.slice(2), { stdout, stderr, signal: interrupt.signal }));
}

function settle(outcome: Outcome, exitCode: ExitCode): void {
  outcome.exitCode ??= exitCode;
  process.exitCode = outcome.exitCode;
}

/** The first signal stops the command, the second the process. Finished work is stored either way. */
function stopOnSignals(): AbortController {
  const interrupt = new AbortController();
  let received = 0;
  const stop = () => {
    received++;
    if (received === 1) interrupt.abort();
    else if (received > 2) dieAtOnce();
    else {
      process.stderr.write(printable(INTERRUPTED));
      setTimeout(dieAtOnce, MAX_STEP_MS);
      void endProcess(EXIT.interrupted);
    }
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  return interrupt;
}

/**
 * A closed pipe (`| head`) is not an error: what nobody reads is not written, and the command ends as it would. Progress
 * that cannot be shown is not shown. Tables that cannot be written, for example to a full disk, are an error.
 */
function outliveStreams(outcome: Outcome): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED' || outcome.exitCode === EXIT.badInput) return;
    const fix = 'Free some space, or write to another place; what was computed is stored.';
    const line = `sorted-eval: standard output: expected room to write, found ${code}. ${fix}\n`;
    process.stderr.write(printable(line));
    outcome.exitCode = EXIT.badInput;
    process.exitCode = EXIT.badInput;
  });
}

function catchBugs(outcome: Outcome, interrupt: AbortController): void {
  const bug = (text: string, exitCode: ExitCode = EXIT.bug) => {
    process.stderr.write(printable(`${text}\n`));
    settle(outcome, exitCode);
  };
  // The event loop is empty. Node would exit with 0 or 13 and without a word.
  process.on('beforeExit', () => {
    if (outcome.exitCode !== undefined) return;
    bug(
      'sorted-eval: a bug: nothing is left to wait for, and the command has not ended. Work done is stored.',
    );
  });
  process.on('uncaughtException', (error) => {
    const limit = asLimit(error);
    if (limit) bug(`sorted-eval: ${limit.message}`, EXIT.badInput);
    else bug(error instanceof Error ? (error.stack ?? error.message) : String(error));
    interrupt.abort();
    void endProcess(limit ? EXIT.badInput : EXIT.bug);
  });
}

/** Exits once no thread computes: an exit in the middle of a step aborts the process. */
async function endProcess(exitCode: ExitCode): Promise<void> {
  await allJobsEnded();
  process.exit(exitCode);
}

/** By SIGINT, which a shell shows as 130 (interrupted): no exit code can be given without ending the threads. */
function dieAtOnce(): void {
  process.removeAllListeners('SIGINT');
  process.kill(process.pid, 'SIGINT');
}
