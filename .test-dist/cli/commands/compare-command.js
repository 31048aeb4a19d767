import { relative } from 'node:path';
import { comparePublished } from '../../evaluate/published/compare-published.js';
import { defineCommand } from '../command.js';
import { DB_OPTION, RUN_OPTION } from '../options.js';
import { EXIT } from '../terminal.js';
/** `sorted-eval compare <published.csv>` */
export const compareCommand = defineCommand({
    command: 'compare <published>',
    describe: 'compare the scores of a run with published ones: tables and a figure',
    builder: (args) => args
        .positional('published', {
        type: 'string',
        demandOption: true,
        describe: 'cells as in eval-data/published/sorted-llama-table4.csv',
    })
        .option('db', DB_OPTION)
        .option('run', RUN_OPTION)
        .option('out', { type: 'string', describe: 'folder for the figure  [default: beside the results]' }),
    run: ({ published, db, run, out }, { stdout }) => {
        const { text, figure } = comparePublished({ published, db, run, out, width: stdout.columns });
        stdout.write(`${text}\nFigure\n  ${relative(process.cwd(), figure)}\n`);
        return EXIT.done;
    },
});
