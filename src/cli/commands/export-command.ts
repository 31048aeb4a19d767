import type { CommandModule } from 'yargs';
import { InputError } from '../../core/errors.ts';
import { exportPage } from '../../viewer/export-page.ts';
import type { Terminal } from '../cli.ts';

type ExportArguments = { file: string; output: string | undefined };

const DEFAULT_RESULTS = 'reports/nano/results.db';

/** `sorted-eval export [results.db] report.html` */
export function exportCommand({ stdout }: Terminal): CommandModule<object, ExportArguments> {
  return {
    command: 'export <file> [output]',
    describe: 'write the results page as one HTML file that needs no network',
    builder: (args) =>
      args
        .positional('file', {
          type: 'string',
          demandOption: true,
          describe: `results file; alone, the HTML file to write of ${DEFAULT_RESULTS}`,
        })
        .positional('output', { type: 'string', describe: 'HTML file to write' }),
    handler: ({ file, output }) => {
      const named = output === undefined ? [DEFAULT_RESULTS, file] : [file, output];
      const [results, page] = named as [string, string];
      requireHtml(page);
      stdout.write(`${page}  ${(exportPage(results, page) / 1e6).toFixed(2)} MB\n`);
    },
  };
}

/** With the two names the other way round a results file would be overwritten. */
function requireHtml(path: string): void {
  if (/\.html?$/i.test(path)) return;
  throw new InputError({
    code: 'bad-option',
    where: 'export',
    expected: 'an HTML file to write, such as report.html',
    found: path,
    fix: 'Name the results file first, then the HTML file to write.',
  });
}
