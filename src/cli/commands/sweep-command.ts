import { runSweep } from '../../evaluate/run-sweep.ts';
import { summaryText } from '../../terminal/reports/run-summary.ts';
import { printable } from '../../terminal/text-width.ts';
import { defineSweepCommand, exitCodeOf, printFigures, reportMissing } from '../named-sweep.ts';
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
export const reportCommand = defineSweepCommand(
  'report',
  'print the tables of a run',
  (sweep, { stdout }) => {
    stdout.write(printable(summaryText(sweep.store, sweep.run)));
    return EXIT.done;
  },
);
