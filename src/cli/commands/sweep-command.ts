import { runSweep } from '../../evaluate/run-sweep.ts';
import { summaryText } from '../../terminal/reports/run-summary.ts';
import { printable } from '../../terminal/text-width.ts';
import { defineCommand } from '../command.ts';
import {
  defineSweepCommand,
  exitCodeOf,
  printFigures,
  reportMissing,
  SWEEP_ARGUMENT,
  withStoredRun,
} from '../named-sweep.ts';
import { MEMORY_OPTION } from '../options.ts';
import { EXIT } from '../terminal.ts';

/** `sorted-eval sweep [sweep.yaml]`: all stages. */
export const sweepCommand = defineSweepCommand(
  'sweep',
  'run all stages: generate, judge, KL, score, figures; resumable',
  async (sweep, terminal) => {
    const { checks, figures, missing } = await runSweep(sweep);
    terminal.stdout.write(printable(summaryText(sweep.store, sweep.run)));
    printFigures(terminal, figures);
    return Math.max(exitCodeOf(checks), reportMissing(terminal, missing)) as ReturnType<typeof exitCodeOf>;
  },
);

/** `sorted-eval report [sweep.yaml]`: the tables that `sweep` prints at its end. */
export const reportCommand = defineCommand({
  command: 'report [sweep]',
  describe: 'print the tables of a run',
  // The memory is an option of earlier versions: nothing is computed here.
  builder: (args) => args.positional('sweep', SWEEP_ARGUMENT).option('memory', MEMORY_OPTION),
  run: ({ sweep }, terminal) => {
    terminal.stdout.write(
      printable(withStoredRun(sweep, terminal, ({ store, run }) => summaryText(store, run))),
    );
    return EXIT.done;
  },
});
