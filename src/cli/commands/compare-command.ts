import { relative } from 'node:path';
import type { CommandModule } from 'yargs';
import { comparePublished } from '../../evaluate/published/compare-published.ts';
import type { Terminal } from '../cli.ts';

type CompareArguments = { published: string; db: string; run: string | undefined; out: string | undefined };

/** `sorted-eval compare <published.csv>` */
export function compareCommand({ stdout }: Terminal): CommandModule<object, CompareArguments> {
  return {
    command: 'compare <published>',
    describe: "a run's cells minus published ones, as tables and a figure",
    builder: (args) =>
      args
        .positional('published', {
          type: 'string',
          demandOption: true,
          describe: 'cells as in eval-data/published/sorted-llama-table4.csv',
        })
        .option('db', { type: 'string', default: 'reports/nano/results.db', describe: 'results file' })
        .option('run', { type: 'string', describe: 'run in it; needed where it has several' })
        .option('out', { type: 'string', describe: 'folder for the figure  [default: beside the results]' }),
    handler: (options) => {
      const { text, figure } = comparePublished({ ...options, width: stdout.columns });
      stdout.write(`${text}\nFigure\n  ${relative(process.cwd(), figure)}\n`);
    },
  };
}
