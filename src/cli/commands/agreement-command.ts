import { AGREEMENT_RULES, type AgreementRule } from '../../core/domain.ts';
import { measureAgreement } from '../../evaluate/labelled/measure-agreement.ts';
import { waitingForServers } from '../../sources/http/server-watch.ts';
import { progressOn } from '../../terminal/progress-bars.ts';
import { agreementJson, agreementText } from '../../terminal/reports/agreement-text.ts';
import { printable } from '../../terminal/text-width.ts';
import { defineCommand } from '../command.ts';
import {
  requireInteger,
  SERVER_OPTION,
  WAIT_OPTION,
  WORKERS_OPTION,
  waitForServerOf,
  workersOf,
} from '../options.ts';
import { EXIT } from '../terminal.ts';

/** `sorted-eval agreement <labels.json> [--verdicts <file> | --judge <sweep.yaml>]` */
export const agreementCommand = defineCommand({
  command: 'agreement <labels>',
  describe: 'compare a judge with labelled pairs: accuracy, F1, κ, confusion matrix',
  builder: (args) =>
    args
      .positional('labels', {
        type: 'string',
        demandOption: true,
        describe: "labelled pairs: PandaLM's testset, LLMBar, or auto-j",
      })
      .option('verdicts', { type: 'string', describe: "recorded verdicts, in PandaLM's result format" })
      .option('judge', { type: 'string', describe: 'sweep file whose judge is measured; resumable' })
      .option('workers', WORKERS_OPTION)
      .option('malformed', {
        choices: AGREEMENT_RULES,
        default: 'tie' as AgreementRule,
        describe: 'what a malformed verdict counts as',
      })
      .option('seed', { type: 'number', default: 1, describe: 'seed of the bootstrap' })
      .option('wait', WAIT_OPTION)
      .option('wait-for-server', SERVER_OPTION)
      .option('format', {
        choices: ['table', 'json'] as const,
        default: 'table' as const,
        describe: 'output format',
      }),
  run: async (
    { labels, verdicts, judge, workers, malformed, seed, format, wait, 'wait-for-server': seconds },
    { stdout, stderr, signal },
  ) => {
    requireInteger('--seed', seed, { min: 0 });
    const settings = { labels, verdicts, judge, malformed, seed, wait };
    const progress = progressOn(stderr);
    const options = { progress, signal, ...workersOf(workers) };
    const patience = { ...waitForServerOf(seconds), note: progress.note };
    const report = await waitingForServers(patience, () => measureAgreement(settings, options));
    stdout.write(
      printable(format === 'json' ? agreementJson(report) : agreementText(report, stdout.columns)),
    );
    return EXIT.done;
  },
});
