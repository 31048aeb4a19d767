import { relative } from 'node:path';
import { comparePublished } from '../../../evaluate/published/compare-published.ts';
import { printable } from '../../../terminal/text-width.ts';
import { defineCommand } from '../../command.ts';
import { DB_OPTION, RUN_OPTION } from '../../options.ts';
import { EXIT } from '../../terminal.ts';

/** `sorted-eval compare <published.csv>` */
export const compareCommand = defineCommand({
  command: 'compare <published>',
  describe: 'compare the scores of a run with published ones: tables and a figure',
  builder: (args) =>
    args
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
    stdout.write(printable(`${text}\nFigure\n  ${relative(process.cwd(), figure)}\n`));
    return EXIT.done;
  },
});
