import { NANO_RESULTS } from '../../config/nano-run.js';
import { exportPage } from '../../viewer/export-page.js';
import { defineCommand } from '../command.js';
import { badOption } from '../options.js';
import { EXIT } from '../terminal.js';
/** `sorted-eval export [results.db] report.html` */
export const exportCommand = defineCommand({
    command: 'export <file> [output]',
    describe: 'write the results page as one HTML file that works offline',
    builder: (args) => args
        .positional('file', {
        type: 'string',
        demandOption: true,
        describe: `results file; if it is the only argument, the HTML file to write from ${NANO_RESULTS}`,
    })
        .positional('output', { type: 'string', describe: 'HTML file to write' }),
    run: ({ file, output }, { stdout }) => {
        const [results, page] = output === undefined ? [NANO_RESULTS, file] : [file, output];
        requireHtml(page);
        stdout.write(`${page}  ${(exportPage(results, page) / 1e6).toFixed(2)} MB\n`);
        return EXIT.done;
    },
});
/** With the two names swapped a results file would be overwritten. */
function requireHtml(path) {
    if (/\.html?$/i.test(path))
        return;
    const fix = 'Name the results file first, then the HTML file to write.';
    throw badOption('export', 'an HTML file to write, such as report.html', path, fix);
}
