import { resolve } from 'node:path';
import type { Instruction } from '../../core/domain.ts';
import {
  COLUMN_KEYS,
  type Column,
  DEFAULT_RECORD_OPTIONS,
  DUPLICATE_RULES,
  type RecordOptions,
  TURN_RULES,
} from '../../data/instruction-files/record-options.ts';
import { readInstructions } from '../../data/instructions.ts';
import { formedPrompt } from '../../data/prompts/prompt-form.ts';
import { calibrate } from '../../engine/calibrate/calibrate.ts';
import { CONFIDENCES, type Confidence } from '../../engine/dynamic/adaptive-settings.ts';
import { readManifest } from '../../model/folder/read-manifest.ts';
import { encodePrompt, openTokenizer } from '../../model/tokenizer/tokenizer.ts';
import { type PromptConfig, promptInFolder, promptSetting } from '../../sources/prompt-setting.ts';
import { progressOn } from '../../terminal/progress-bars.ts';
import { calibrationText } from '../../terminal/reports/calibration-text.ts';
import { printable } from '../../terminal/text-width.ts';
import { defineCommand } from '../command.ts';
import { badOption, requireInteger } from '../options.ts';
import { EXIT } from '../terminal.ts';

/** `sorted-eval calibrate <folder> <instructions> --share 0.95` */
export const calibrateCommand = defineCommand({
  command: 'calibrate <folder> <instructions>',
  describe: 'find thresholds of adaptive depth that keep a share of the answers',
  builder: (args) =>
    args
      .positional('folder', { type: 'string', demandOption: true, describe: 'model folder' })
      .positional('instructions', {
        type: 'string',
        demandOption: true,
        describe: 'validation set, in any format of a sweep’s instructions',
      })
      .option('prompt', {
        type: 'string',
        default: 'alpaca',
        describe: 'form of the prompts: alpaca, vicuna, chat, or a template file, as in a sweep file',
      })
      .option('system', { type: 'string', describe: 'system text of vicuna, chat or a template file' })
      .option('turns', {
        choices: TURN_RULES,
        default: DEFAULT_RECORD_OPTIONS.turns,
        describe: 'records of several turns: refuse them, or read the first',
      })
      .option('duplicates', {
        choices: DUPLICATE_RULES,
        default: DEFAULT_RECORD_OPTIONS.duplicates,
        describe: 'records that ask the same: refuse them, or read the first',
      })
      .option('ignore-keys', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'keys of records that are left out',
      })
      .option('column', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'what a key of the records holds: prompt=question',
      })
      .option('share', {
        type: 'number',
        default: 0.95,
        describe: 'of full depth’s answers that stay as they are',
      })
      .option('certainty', {
        type: 'number',
        describe: 'with which the share holds for other instructions of this kind: 0.95',
      })
      .option('by-exit', { type: 'boolean', default: false, describe: 'a threshold for each exit' })
      .option('confidence', {
        choices: CONFIDENCES,
        default: 'probability' as Confidence,
        describe: 'largest probability, or its margin to the second',
      })
      .option('limit', { type: 'number', describe: 'instructions, from the first  [default: all]' })
      .option('max-new-tokens', { type: 'number', default: 256, describe: 'tokens of an answer at most' }),
  run: async (args, { stdout, stderr, signal }) => {
    const { folder, share, certainty, confidence, 'by-exit': byExit } = args;
    const maxNewTokens = requireInteger('--max-new-tokens', args['max-new-tokens'], { min: 1 });
    const limit = args.limit === undefined ? undefined : requireInteger('--limit', args.limit, { min: 1 });
    const { turns, duplicates, 'ignore-keys': ignoreKeys } = args;
    const columns = columnsOf(args.column);
    const note = (text: string) => stderr.write(printable(`${text}\n`));
    const all = readInstructions(args.instructions, { turns, duplicates, ignoreKeys, columns }, note);
    const { prompts, eosTokenIds } = promptsOf(folder, all.slice(0, limit), args);
    const task = progressOn(stderr).start('calibrate: answers', prompts.length, 0);
    const wanted = { share, certainty, confidence, byExit, maxNewTokens, eosTokenIds };
    const found = await calibrate(folder, prompts, { ...wanted, signal, onAnswer: () => task.advance(1) });
    task.end();
    stdout.write(printable(calibrationText(found)));
    return EXIT.done;
  },
});

/** @throws InputError `bad-option` for what is not `column=key`, and for a column given twice */
function columnsOf(given: readonly string[]): RecordOptions['columns'] {
  const columns: { [Name in Column]?: string } = {};
  for (const text of given) {
    const [, column, key] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
    if (key === undefined || !isColumn(column) || Object.hasOwn(columns, column))
      throw badOption(
        '--column',
        `column=key, each column once, of ${Object.keys(COLUMN_KEYS).join(', ')}`,
        `"${text}"`,
        'Name what the key holds: --column prompt=question.',
      );
    columns[column] = key;
  }
  return columns;
}

const isColumn = (name: string | undefined): name is Column =>
  name !== undefined && Object.hasOwn(COLUMN_KEYS, name);

/** Prompts as a sweep asks them, and what ends their answers there. */
function promptsOf(folder: string, instructions: readonly Instruction[], asked: PromptConfig) {
  const tokenizer = openTokenizer(folder);
  const config = promptInFolder(asked, resolve());
  const context = { where: 'calibrate', instructions, local: { folder, tokenizer } };
  const { form, endIds } = promptSetting(config, context);
  return {
    prompts: instructions.map((one) => encodePrompt(tokenizer, formedPrompt(form, one))),
    eosTokenIds: [...new Set([...readManifest(folder).eosTokenIds, ...endIds])],
  };
}
