import type { CommandModule } from 'yargs';
import { AGREEMENT_RULES, type AgreementRule } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import { type AgreementSettings, measureAgreement } from '../../evaluate/labelled/measure-agreement.ts';
import { progressOn } from '../../terminal/progress-bars.ts';
import { agreementJson, agreementText } from '../../terminal/reports/agreement-text.ts';
import type { Terminal } from '../cli.ts';

type AgreementArguments = AgreementSettings & { format: 'table' | 'json' };

/** `sorted-eval agreement <labels.json> [--verdicts <file> | --judge <sweep.yaml>]` */
export function agreementCommand({
  stdout,
  stderr,
  signal,
}: Terminal): CommandModule<object, AgreementArguments> {
  return {
    command: 'agreement <labels>',
    describe: 'measure a judge against human labels: accuracy, F1, κ, confusion matrix',
    builder: (args) =>
      args
        .positional('labels', {
          type: 'string',
          demandOption: true,
          describe: "labelled pairs: PandaLM's testset, LLMBar, or auto-j",
        })
        .option('verdicts', { type: 'string', describe: "recorded verdicts, in PandaLM's result format" })
        .option('judge', { type: 'string', describe: 'sweep file whose judge is asked; resumable' })
        .option('malformed', {
          choices: AGREEMENT_RULES,
          default: 'tie' as AgreementRule,
          describe: 'what an unreadable verdict counts as',
        })
        .option('seed', { type: 'number', default: 1, describe: 'of the bootstrap' })
        .option('format', {
          choices: ['table', 'json'] as const,
          default: 'table' as const,
          describe: 'output format',
        }),
    handler: async ({ format, ...settings }) => {
      checkSeed(settings.seed);
      const report = await measureAgreement(settings, { progress: progressOn(stderr), signal });
      stdout.write(format === 'json' ? agreementJson(report) : agreementText(report, stdout.columns));
    },
  };
}

function checkSeed(seed: number): void {
  if (Number.isInteger(seed) && seed >= 0) return;
  throw new InputError({
    code: 'bad-option',
    where: '--seed',
    expected: 'a whole number of 0 or more',
    found: String(seed),
    fix: 'Correct the number.',
  });
}
