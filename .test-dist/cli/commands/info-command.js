import { describeModel } from '../../model/folder/describe.js';
import { infoText } from '../../terminal/reports/info-text.js';
import { defineCommand } from '../command.js';
import { FORMAT_OPTION } from '../options.js';
import { EXIT } from '../terminal.js';
/** `sorted-eval info <folder>` */
export const infoCommand = defineCommand({
    command: 'info <folder>',
    describe: 'print layers, exits, parameters and bytes of a model folder or checkpoint',
    builder: (args) => args
        .positional('folder', { type: 'string', demandOption: true, describe: 'model folder or checkpoint' })
        .option('format', FORMAT_OPTION),
    run: ({ folder, format }, { stdout }) => {
        stdout.write(infoText(describeModel(folder), format, stdout.columns));
        return EXIT.done;
    },
});
