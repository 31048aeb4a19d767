import type { CommandModule } from 'yargs';
import { describeModel } from '../../model/folder/describe.ts';
import { infoText } from '../../terminal/reports/info-text.ts';
import { ROW_FORMATS, type RowFormat } from '../../terminal/result-table.ts';
import type { Terminal } from '../cli.ts';

type InfoArguments = { folder: string; format: RowFormat };

/** `sorted-eval info <folder>` */
export function infoCommand({ stdout }: Terminal): CommandModule<object, InfoArguments> {
  return {
    command: 'info <folder>',
    describe: 'layers, exits, parameters and bytes of a model folder or checkpoint',
    builder: (args) =>
      args
        .positional('folder', { type: 'string', demandOption: true, describe: 'model folder or checkpoint' })
        .option('format', { choices: ROW_FORMATS, default: 'table' as RowFormat, describe: 'output format' }),
    handler: ({ folder, format }) => {
      stdout.write(infoText(describeModel(folder), format, stdout.columns));
    },
  };
}
