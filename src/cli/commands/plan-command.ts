import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NANO_OUTPUT, NANO_SWEEP } from '../../config/nano-run.ts';
import { RESULTS_FILE } from '../../config/results-file.ts';
import { judgeSetup, runSetup } from '../../config/run-setup.ts';
import { readSweepConfig, type SweepFile } from '../../config/sweep-file.ts';
import { type Progress, silentProgress } from '../../core/progress.ts';
import { measureSample } from '../../evaluate/outlook/measured-sample.ts';
import { outlookText } from '../../evaluate/outlook/outlook-text.ts';
import { type OutlookOptions, sweepOutlook } from '../../evaluate/outlook/sweep-outlook.ts';
import type { Store } from '../../store/database.ts';
import { findRunOfSetup } from '../../store/read/find-run.ts';
import { openResults } from '../../store/read/open-results.ts';
import { readRuns } from '../../store/tables/run-table.ts';
import { progressOn } from '../../terminal/progress-bars.ts';
import { printable } from '../../terminal/text-width.ts';
import { defineCommand } from '../command.ts';
import { SWEEP_ARGUMENT } from '../named-sweep.ts';
import { badOption, QUIET_OPTION, requireInteger } from '../options.ts';
import { EXIT, type Terminal } from '../terminal.ts';

interface PlanArguments {
  readonly sweep: string | undefined;
  readonly 'tokens-per-second': number | undefined;
  readonly measure: number | undefined;
  readonly quiet: boolean;
  readonly format: 'text' | 'json';
}

/** `sorted-eval plan [sweep.yaml]` */
export const planCommand = defineCommand({
  command: 'plan [sweep]',
  describe: 'print what a sweep will do: answers, verdicts, tokens, memory, disk, hours',
  builder: (args) =>
    args
      .positional('sweep', SWEEP_ARGUMENT)
      .option('tokens-per-second', {
        type: 'number',
        describe: 'tokens that are written in a second, of answers and verdicts alike: gives hours',
      })
      .option('measure', {
        type: 'number',
        describe:
          'seconds for each kind of work on the first instructions, up to 64, in a folder that is removed again (30 is a good number); models and judge are really asked: gives hours and the share of distinct verdicts',
      })
      .option('quiet', QUIET_OPTION)
      .option('format', {
        choices: ['text', 'json'] as const,
        default: 'text' as const,
        describe: 'output format',
      }),
  run: async (args: PlanArguments, terminal) => {
    const progress = args.quiet ? silentProgress : progressOn(terminal.stderr);
    const options = { tokensPerSecond: rateOf(args), seconds: secondsOf(args), progress };
    const file = readSweepConfig(args.sweep ?? NANO_SWEEP);
    const output = args.sweep === undefined ? resolve(NANO_OUTPUT) : file.config.output;
    const outlook = await withStored({ ...file, config: { ...file.config, output } }, (stored) =>
      outlookOf(file, options, terminal, stored),
    );
    const text =
      args.format === 'json'
        ? `${JSON.stringify(outlook, null, 2)}\n`
        : outlookText(outlook, terminal.stdout.columns);
    terminal.stdout.write(printable(text));
    return EXIT.done;
  },
});

interface Given {
  readonly tokensPerSecond: number | undefined;
  readonly seconds: number | undefined;
  readonly progress: Progress;
}

async function outlookOf(
  { config }: SweepFile,
  { tokensPerSecond, seconds, progress }: Given,
  { signal }: Terminal,
  stored: OutlookOptions['stored'],
) {
  const counted = await sweepOutlook(config, { tokensPerSecond, stored, signal });
  if (seconds === undefined) return counted;
  const sample = await measureSample(config, seconds, { progress, signal });
  return sweepOutlook(config, { sample, stored, signal });
}

/** The run of the sweep file, if it is stored. */
async function withStored<Result>(
  { config, written }: SweepFile,
  use: (stored: OutlookOptions['stored']) => Promise<Result>,
): Promise<Result> {
  const path = join(config.output, RESULTS_FILE);
  if (!existsSync(path)) return use(undefined);
  const store = openResults(path);
  try {
    return await use(storedRun(store, { config, written }));
  } finally {
    store.close();
  }
}

function storedRun(store: Store, { config, written }: SweepFile): OutlookOptions['stored'] {
  if (readRuns(store).length === 0) return undefined;
  const found = findRunOfSetup(store, config.name, runSetup(written), judgeSetup(written));
  return found.other === 'setup' ? undefined : { store, run: found.run };
}

/** @throws InputError `bad-option` */
function rateOf({ 'tokens-per-second': rate, measure }: PlanArguments): number | undefined {
  if (rate === undefined) return undefined;
  const where = '--tokens-per-second';
  if (!(rate > 0 && Number.isFinite(rate)))
    throw badOption(where, 'a number above 0', String(rate), 'Correct the number.');
  if (measure !== undefined) throw badOption(where, 'this or --measure', 'both', 'Leave one out.');
  return rate;
}

function secondsOf({ measure }: PlanArguments): number | undefined {
  if (measure === undefined) return undefined;
  return requireInteger('--measure', measure, { min: 1, max: 3600, unit: 'seconds' });
}
