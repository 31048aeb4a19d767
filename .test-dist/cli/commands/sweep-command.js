import { runSweep } from '../../evaluate/run-sweep.js';
import { summaryText } from '../../terminal/reports/run-summary.js';
import { defineSweepCommand, exitCodeOf, printFigures, reportMissing } from '../named-sweep.js';
import { EXIT } from '../terminal.js';
/** `sorted-eval sweep [sweep.yaml]`: all stages. */
export const sweepCommand = defineSweepCommand('sweep', 'run all stages: generate, judge, KL, score, figures; resumable', async (sweep, terminal) => {
    const { checks, figures, missing } = await runSweep(sweep);
    terminal.stdout.write(summaryText(sweep.store, sweep.run));
    printFigures(terminal, figures);
    return Math.max(exitCodeOf(checks), reportMissing(terminal, missing));
});
/** `sorted-eval report [sweep.yaml]`: the tables that `sweep` prints at its end. */
export const reportCommand = defineSweepCommand('report', 'print the tables of a run', (sweep, { stdout }) => {
    stdout.write(summaryText(sweep.store, sweep.run));
    return EXIT.done;
});
