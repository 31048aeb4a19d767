import { alignedText, labelledText, wrappedText } from '../terminal-layout.js';
import { cut } from '../text-width.js';
const LABEL_WIDTH = 11;
/** Eight columns of numbers in 80 leave so much for the names of the rows. */
const ROW_NAME_WIDTH = 20;
/** `-0.16`, so that the matrices stand under each other. */
const NUMBER_WIDTH = 5;
const COLUMN_WIDTH = NUMBER_WIDTH + 2;
/** `width` in terminal columns; every line ends with a line break. */
export function compareText(result, source, width = 80) {
    const sections = [
        headText(source, width),
        ...result.differences.map((difference) => differenceText(difference, width)),
        unmatchedText(result, width),
    ];
    return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}
function headText(source, width) {
    const lines = [
        ['Run', `${source.run}: ${source.instructions} instructions`],
        ['Judge', [source.judge, ...source.deviations.map((text) => `deviation: ${text}`)].join('; ')],
        ['Published', `${source.published}: ${source.publishedCells} cells`],
        [
            'Score',
            '(wins − losses) / total, mean over both orders (policy average); a malformed verdict is neither',
        ],
        ['Matching', "models by kind, cells by relative depth (exit / model's layers)"],
    ];
    return lines.map(([label, text]) => labelledText(label, text, LABEL_WIDTH, width)).join('\n');
}
function differenceText(difference, width) {
    const { modelA, modelB, baseline, cells, unmatchedCells, unmatchedPublished } = difference;
    const grid = (title, textOf) => `${title}\n${gridText(modelA, cells, textOf, width)}`;
    const lines = [
        `${modelA.name} (rows) against ${modelB.name} (columns); published baseline ${baseline}`,
        `Matched: ${cells.length} cells; without a published one: ${unmatchedCells}; published ones that this run lacks: ${unmatchedPublished}`,
        `Exits: ${exitsText(difference)}`,
        rankText(difference),
        `Difference: mean ${signed(difference.meanDifference)}, mean of absolute values ${difference.meanAbsoluteDifference.toFixed(2)}`,
    ];
    return [
        lines.map((line) => wrappedText(line, width)).join('\n'),
        grid('Published score', ({ published }) => plain(published.score)),
        grid('Score of this run', ({ score }) => plain(score)),
        grid('Difference (this run − published)', (cell) => signed(cell.difference)),
    ].join('\n\n');
}
/** Which published exits the run's are: `3 = 12, 4 = 16 (of 10 and 40 layers)`. */
function exitsText({ modelA, modelB, cells }) {
    const ofA = new Map(cells.map(({ exitA, published }) => [exitA, published.exitA]));
    const ofB = new Map(cells.map(({ exitB, published }) => [exitB, published.exitB]));
    const text = (exits, { layers }) => {
        const pairs = ascending(exits.keys()).map((exit) => `${exit} = ${exits.get(exit)}`);
        return `${pairs.join(', ')} (of ${layers} and ${cells[0].published.layers} layers)`;
    };
    const [rows, columns] = [text(ofA, modelA), text(ofB, modelB)];
    return rows === columns ? rows : `rows ${rows}; columns ${columns}`;
}
function rankText({ rankCorrelation, cells }) {
    const name = "Rank correlation (Spearman's ρ)";
    if (rankCorrelation !== undefined)
        return `${name}: ${rankCorrelation.toFixed(3)} over ${cells.length} cells`;
    const why = cells.length < 2 ? 'one cell alone has no order' : 'all scores of one side are equal';
    return `${name}: none, ${why}`;
}
/** One matrix; in blocks of columns where the width does not hold them all. */
function gridText(modelA, cells, textOf, width) {
    const rows = ascending(cells.map(({ exitA }) => exitA));
    const columns = ascending(cells.map(({ exitB }) => exitB));
    const texts = new Map(cells.map((cell) => [`${cell.exitA}/${cell.exitB}`, textOf(cell)]));
    const names = rows.map((exit) => `${cut(modelA.name, ROW_NAME_WIDTH - `@${exit}`.length)}@${exit}`);
    const perBlock = Math.max(1, Math.floor((width - ROW_NAME_WIDTH) / COLUMN_WIDTH));
    const blocks = [];
    for (let start = 0; start < columns.length; start += perBlock) {
        const block = columns.slice(start, start + perBlock);
        const lines = rows.map((exit, row) => [
            names[row],
            ...block.map((column) => texts.get(`${exit}/${column}`) ?? '–'),
        ]);
        blocks.push(alignedText([['', ...block.map((exit) => String(exit).padStart(NUMBER_WIDTH))], ...lines]));
    }
    return blocks.join('\n');
}
function unmatchedText({ unmatchedComparisons, unusedPublished }, width) {
    const comparisons = unmatchedComparisons.map(({ name, modelA, modelB, cells }) => `Not compared: ${name} (${modelA.kind} against ${modelB.kind}), ${cells.length} cells: nothing published at these kinds and depths`);
    const published = [...unusedPublished].map(([baseline, cells]) => `Not compared: published baseline ${baseline}, ${cells} cells: this run has no such comparison`);
    return [...comparisons, ...published].map((line) => wrappedText(line, width)).join('\n');
}
function ascending(numbers) {
    return [...new Set(numbers)].sort((one, other) => one - other);
}
/** A difference: with its sign, and without one where it rounds to zero. */
function signed(value) {
    const text = plain(value);
    return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}
function plain(value) {
    const text = value.toFixed(2);
    return Number(text) === 0 ? text.replace('-', '') : text;
}
