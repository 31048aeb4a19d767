import { dirname } from 'node:path';
import { drawFigures, figuresStage } from '../../evaluate/stages/figures-stage.js';
import { DEFAULT_DPI } from '../../figures/files/canvas.js';
import { openReadOnlyStore } from '../../store/database.js';
import { findRun } from '../../store/read/pair-record.js';
import { defineCommand } from '../command.js';
import { printFigures, SWEEP_ARGUMENT, withNamedSweep } from '../named-sweep.js';
import { badOption, RUN_OPTION } from '../options.js';
import { EXIT } from '../terminal.js';
const FORMATS = ['png', 'svg', 'pdf'];
/** Beyond these a figure has no readable letters, or more pixels than viewers open. */
const MIN_DPI = 72;
const MAX_DPI = 1200;
/** `sorted-eval figures [sweep.yaml | --db results.db]` */
export const figuresCommand = defineCommand({
    command: 'figures [sweep]',
    describe: 'draw the figures from stored results',
    builder: (args) => args
        .positional('sweep', SWEEP_ARGUMENT)
        .option('db', { type: 'string', conflicts: 'sweep', describe: 'results file, instead of a sweep file' })
        .option('run', { ...RUN_OPTION, implies: 'db' })
        .option('out', { type: 'string', implies: 'db', describe: 'folder  [default: beside the results]' })
        .option('format', { type: 'string', default: 'png', describe: 'png, svg, pdf, or several: png,pdf' })
        .option('dpi', { type: 'number', default: DEFAULT_DPI, describe: 'pixels per inch of the PNGs' }),
    run: async ({ sweep, db, run, out, format, dpi }, terminal) => {
        const options = { formats: formatsOf(format), dpi: requireDpi(dpi) };
        const paths = db === undefined
            ? await withNamedSweep({ sweep }, terminal, (opened) => figuresStage(opened, options))
            : drawFromFile(db, run, { ...options, folder: out ?? dirname(db) });
        printFigures(terminal, paths);
        return EXIT.done;
    },
});
function drawFromFile(db, run, options) {
    const store = openReadOnlyStore(db);
    try {
        return drawFigures(store, findRun(store, run), options);
    }
    finally {
        store.close();
    }
}
function formatsOf(list) {
    const names = [...new Set(list.split(',').map((name) => name.trim().toLowerCase()))];
    const unknown = names.find((name) => !FORMATS.includes(name));
    if (unknown === undefined)
        return names;
    const expected = `some of ${FORMATS.join(', ')}, with commas between`;
    throw badOption('--format', expected, JSON.stringify(unknown), 'For example --format png,pdf.');
}
function requireDpi(dpi) {
    if (dpi >= MIN_DPI && dpi <= MAX_DPI)
        return dpi;
    throw badOption('--dpi', `a number from ${MIN_DPI} to ${MAX_DPI}`, `${dpi}`, 'Print usually takes 300.');
}
