import { printable } from '../../terminal/text-width.ts';
import { exportPage } from '../../viewer/export-page.ts';
import { defineCommand } from '../command.ts';
import { badOption, DB_OPTION, RUN_OPTION } from '../options.ts';
import { EXIT } from '../terminal.ts';

/** `sorted-eval export report.html [--db results.db] [--run nano]` */
export const exportCommand = defineCommand({
  command: 'export <output>',
  describe: 'write the results page as one HTML file that works offline',
  builder: (args) =>
    args
      .positional('output', { type: 'string', demandOption: true, describe: 'HTML file to write' })
      .option('db', DB_OPTION)
      .option('run', RUN_OPTION),
  run: ({ output, db, run }, { stdout }) => {
    requireHtml(output);
    stdout.write(printable(`${output}  ${(exportPage(db, output, run) / 1e6).toFixed(2)} MB\n`));
    return EXIT.done;
  },
});

/** A results file in its place would be overwritten. */
function requireHtml(path: string): void {
  if (/\.html?$/i.test(path)) return;
  const fix = 'Name the HTML file to write, and the results file by --db.';
  throw badOption('export', 'an HTML file to write, such as report.html', path, fix);
}
