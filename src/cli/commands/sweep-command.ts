import { join, relative } from 'node:path';
import { RESULTS_FILE } from '../../config/results-file.ts';
import type { Sweep } from '../../evaluate/open-sweep.ts';
import { runSweep, type SweepResult } from '../../evaluate/run-sweep.ts';
import { reportJson } from '../../terminal/reports/report-json.ts';
import { summaryText } from '../../terminal/reports/run-summary.ts';
import { printable } from '../../terminal/text-width.ts';
import { defineCommand } from '../command.ts';
import {
  exitCodeOf,
  printFigures,
  reportMissing,
  type StoredRun,
  SWEEP_ARGUMENT,
  sweepArguments,
  withNamedSweep,
  withRunOf,
  withStoredRun,
} from '../named-sweep.ts';
import { JSON_OPTION, MEMORY_OPTION, OTHER_DB_OPTION, RUN_OPTION } from '../options.ts';
import { EXIT, type ExitCode, type Terminal } from '../terminal.ts';

/** `sorted-eval sweep [sweep.yaml]`: all stages. */
export const sweepCommand = defineCommand({
  command: 'sweep [sweep]',
  describe: 'run all stages: generate, judge, KL, score, figures; resumable',
  builder: (args) => sweepArguments(args).option('json', JSON_OPTION),
  run: (args, terminal) =>
    withNamedSweep(args, terminal, async (sweep) => {
      const result = await runSweep(sweep);
      const missing = reportMissing(terminal, result.missing);
      const exitCode = Math.max(exitCodeOf(result.checks), missing) as ExitCode;
      if (args.json)
        terminal.stdout.write(printable(reportJson(sweep.store, sweep.run, { ...result, exitCode })));
      else if (!args.quiet) printReport(terminal, sweep, result);
      return exitCode;
    }),
});

function printReport(
  terminal: Terminal,
  { store, run, config }: Sweep,
  { figures, stages }: SweepResult,
): void {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  terminal.stdout.write(printable(summaryText(store, run)));
  printFigures(terminal, figures);
  const known = sum(stages.map((stage) => stage.known));
  const computed = sum(stages.map((stage) => stage.computed));
  const results = relative(process.cwd(), join(config.output, RESULTS_FILE));
  const next = `${known} results known, ${computed} new. Next: sorted-eval view ${results}`;
  terminal.stdout.write(printable(`\n${next}\n`));
}

/** `sorted-eval report [sweep.yaml]`: the tables that `sweep` prints at its end. */
export const reportCommand = defineCommand({
  command: 'report [sweep]',
  describe: 'print the tables of a run',
  // The memory is an option of earlier versions: nothing is computed here.
  builder: (args) =>
    args
      .positional('sweep', SWEEP_ARGUMENT)
      .option('db', OTHER_DB_OPTION)
      .option('run', RUN_OPTION)
      .option('json', JSON_OPTION)
      .option('memory', MEMORY_OPTION),
  run: ({ sweep, db, run, json }, terminal) => {
    const textOf = (stored: Pick<StoredRun, 'store' | 'run'>) =>
      (json ? reportJson : summaryText)(stored.store, stored.run);
    const text =
      db === undefined ? withStoredRun({ sweep, run }, terminal, textOf) : withRunOf(db, run, textOf);
    terminal.stdout.write(printable(text));
    return EXIT.done;
  },
});
