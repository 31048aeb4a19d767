import { basename, join } from 'node:path';
import { writeOutput } from '../../core/write-output.js';
import { DEFAULT_DPI, renderFigure } from '../../figures/files/canvas.js';
import { FIGURES } from '../../figures/run/figure-list.js';
import { drawRunFigure } from '../../figures/run/run-figure.js';
import { readRunSha256 } from '../../store/read/run-hash.js';
import { readRunHead } from '../../store/read/run-head.js';
export const DEFAULT_FIGURES = { formats: ['png'], dpi: DEFAULT_DPI };
/**
 * Draws the figures that the stored results allow and writes them beside the results file.
 * @returns paths of the files
 */
export function figuresStage({ store, run, config }, options = DEFAULT_FIGURES) {
    return drawFigures(store, run, { ...options, folder: config.output, policy: config.policy });
}
/**
 * The same from a results file alone.
 * @param options `policy`: the run's own where absent
 */
export function drawFigures(store, run, { folder, formats, dpi, policy }) {
    const head = readRunHead(store, run);
    const choice = { policy: policy ?? head.policy ?? 'average' };
    const isUsual = dpi === DEFAULT_DPI;
    const stamp = stampOf(store, run, `sorted-eval figures${isUsual ? '' : ` --dpi ${dpi}`}`);
    return FIGURES.flatMap((figure) => {
        const drawn = drawRunFigure(store, head, figure, choice);
        if (!drawn)
            return [];
        return formats.map((format) => {
            const path = join(folder, `${figure.name}.${format}`);
            writeFigure(path, renderFigure(drawn, { format, dpi, stamp }));
            return path;
        });
    });
}
/** The command names files and no folders: a figure is the same wherever it was drawn. */
export function stampOf(store, run, command) {
    const named = /\s/.test(run) ? JSON.stringify(run) : run;
    return {
        run,
        runSha256: readRunSha256(store, run),
        command: `${command} --db ${basename(store.path)} --run ${named}`,
    };
}
export function writeFigure(path, bytes) {
    writeOutput(path, bytes, 'a figure', 'Name an output directory that is writable.');
}
