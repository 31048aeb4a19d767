import { basename, dirname, join } from 'node:path';
import { InputError } from '../../core/errors.js';
import { readPublishedCells } from '../../data/published-scores.js';
import { renderFigure } from '../../figures/files/canvas.js';
import { differencesFromPublished, publishedFigure } from '../../figures/run/published-figure.js';
import { openReadOnlyStore } from '../../store/database.js';
import { findRun } from '../../store/read/pair-record.js';
import { read } from '../../store/read/read.js';
import { readRunHead } from '../../store/read/run-head.js';
import { scoresRead } from '../../store/read/score-reads.js';
import { compareText } from '../../terminal/reports/compare-text.js';
import { stampOf, writeFigure } from '../stages/figures-stage.js';
export const DIFFERENCE_FILE = 'published-difference.png';
/**
 * A run's cells minus published ones, as text and as a figure.
 * @returns the text, and the path of the PNG
 * @throws InputError for a file that is not what it should be, a run that is not there or not scored, or `empty` where
 * nothing of the run was published
 */
export function comparePublished(options) {
    const published = readPublishedCells(options.published);
    const store = openReadOnlyStore(options.db);
    try {
        const run = findRun(store, options.run);
        const head = readRunHead(store, run);
        const scores = read(store, scoresRead(run, 'average'));
        if (scores.length === 0)
            throw notScored(store, run);
        const result = differencesFromPublished(head, scores, published);
        const drawn = publishedFigure(head, result.differences, basename(options.published));
        if (drawn === undefined)
            throw nothingMatched(options, head);
        const figure = join(options.out ?? dirname(options.db), DIFFERENCE_FILE);
        const stamp = stampOf(store, run, `sorted-eval compare ${basename(options.published)}`);
        writeFigure(figure, renderFigure(drawn, { stamp }));
        const source = sourceOf(head, options.published, published);
        return { text: compareText(result, source, options.width), figure };
    }
    finally {
        store.close();
    }
}
function sourceOf(head, path, published) {
    return {
        run: head.run,
        instructions: head.instructions,
        judge: head.judge ?? 'not recorded',
        deviations: head.judgeDeviations?.split('; ') ?? [],
        published: basename(path),
        publishedCells: published.length,
    };
}
function notScored({ path }, run) {
    return new InputError({
        code: 'empty',
        where: `${path}: run ${run}`,
        expected: 'scored cells',
        found: 'none',
        fix: 'Run the judge and score stages first: sorted-eval sweep <sweep.yaml>.',
    });
}
function nothingMatched({ db }, { run, models, comparisons }) {
    const kindOf = (name) => models.find(({ model }) => model === name).kind;
    const kinds = comparisons.map(({ name, modelA, modelB }) => `${name} (${kindOf(modelA)}, ${kindOf(modelB)})`);
    return new InputError({
        code: 'empty',
        where: `${db}: run ${run}`,
        expected: 'a comparison of a soft with an sft or early-exit model, at exits of published relative depths',
        found: kinds.join('; '),
        fix: "A model's kind comes from exits.json in its checkpoint; say it there and import again.",
    });
}
