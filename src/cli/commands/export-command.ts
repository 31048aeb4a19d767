import { NANO_RESULTS } from '../../config/nano-run.ts';
import { printable } from '../../terminal/text-width.ts';
import { exportPage } from '../../viewer/export-page.ts';
import { defineCommand } from '../command.ts';
import { badOption } from '../options.ts';
import { EXIT } from '../terminal.ts';

/** `sorted-eval export [results.db] report.html` */
export const exportCommand = defineCommand({
  command: 'export <file> [output]',
  describe: 'write the results page as one HTML file that works offline',
  builder: (args) =>
    args
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: `results file; if it is the only argument, the HTML file to write from ${NANO_RESULTS}`,
      })
      .positional('output', { type: 'string', describe: 'HTML file to write' }),
  run: ({ file, output }, { stdout }) => {
    const [results, page] = output === undefined ? [NANO_RESULTS, file] : [file, output];
    requireHtml(page);
    stdout.write(printable(`${page}  ${(exportPage(results, page) / 1e6).toFixed(2)} MB\n`));
    return EXIT.done;
  },
});

/** With the two names swapped a results file would be overwritten. */
function requireHtml(path: string): void {
  if (/\.html?$/i.test(path)) return;
  const fix = 'Name the results file first, then the HTML file to write.';
  throw badOption('export', 'an HTML file to write, such as report.html', path, fix);
}
