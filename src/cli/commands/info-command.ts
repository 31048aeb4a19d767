import { givenFolder } from '../../model/checkpoint/hub-cache.ts';
import { describeModel } from '../../model/folder/describe.ts';
import { infoText } from '../../terminal/reports/info-text.ts';
import { printed } from '../../terminal/result-table.ts';
import { defineCommand } from '../command.ts';
import { FORMAT_OPTION } from '../options.ts';
import { EXIT } from '../terminal.ts';

/** `sorted-eval info <folder>` */
export const infoCommand = defineCommand({
  command: 'info <folder>',
  describe: 'print layers, exits, parameters and bytes of a model folder or checkpoint',
  builder: (args) =>
    args
      .positional('folder', { type: 'string', demandOption: true, describe: 'model folder or checkpoint' })
      .option('format', FORMAT_OPTION),
  run: ({ folder, format }, { stdout }) => {
    stdout.write(
      printed(infoText(describeModel(givenFolder(folder)), format, stdout.columns), format, stdout),
    );
    return EXIT.done;
  },
});
