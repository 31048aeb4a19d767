import { alpacaPrompt } from '../../data/alpaca-prompt.ts';
import { readInstructions } from '../../data/instructions.ts';
import { calibrate } from '../../engine/calibrate/calibrate.ts';
import { CONFIDENCES, type Confidence } from '../../engine/dynamic/adaptive-settings.ts';
import { progressOn } from '../../terminal/progress-bars.ts';
import { calibrationText } from '../../terminal/reports/calibration-text.ts';
import { printable } from '../../terminal/text-width.ts';
import { defineCommand } from '../command.ts';
import { requireInteger } from '../options.ts';
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
        describe: 'validation set, in any format of a sweep’s instructions; asked in Alpaca’s form',
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
    const prompts = readInstructions(args.instructions).slice(0, limit).map(alpacaPrompt);
    const task = progressOn(stderr).start('calibrate: answers', prompts.length, 0);
    const wanted = { share, certainty, confidence, byExit, maxNewTokens };
    const found = await calibrate(folder, prompts, { ...wanted, signal, onAnswer: () => task.advance(1) });
    task.end();
    stdout.write(printable(calibrationText(found)));
    return EXIT.done;
  },
});
