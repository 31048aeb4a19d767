import { isAllMalformed } from '../../metrics/score.js';
import { degenerateAnswersRead } from '../../store/read/degeneration-reads.js';
import { exitSpeedRead, qualityRead } from '../../store/read/exit-reads.js';
import { read } from '../../store/read/read.js';
import { checksRead, scoresRead } from '../../store/read/score-reads.js';
import { readInstructions } from '../../store/tables/instruction-table.js';
import { readComparisons, readModels } from '../../store/tables/model-table.js';
import { wrappedText } from '../terminal-layout.js';
import { checksText } from './checks-text.js';
import { judgeText, verdictsText } from './judge-summary.js';
const WIDTH = 80;
/** A row of eight numbers and its label take 20 + 8 · 7 = 76 columns; longer labels leave room for fewer. */
const LABEL_WIDTH = 20;
const NUMBER_WIDTH = 7;
/** What a run found, as text of 80 columns: the judge, quality, speed, each comparison's scores and verdicts, and the checks. */
export function summaryText(store, run) {
    const sections = [
        headline(store, run),
        qualitySection(store, run),
        ...degenerateSections(store, run),
        speedSection(store, run),
        ...readComparisons(store, run).flatMap((comparison) => [
            matrixSection(store, run, comparison),
            verdictsText(store, run, comparison, WIDTH),
        ]),
        checksSection(store, run),
    ];
    return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}
function headline(store, run) {
    const lines = [
        `Run ${run}: ${readInstructions(store, run).length} instructions`,
        judgeText(store, run, WIDTH),
    ];
    return lines.filter((line) => line !== '').join('\n');
}
function qualitySection(store, run) {
    const quality = read(store, qualityRead(run));
    return byExit('Exact match, %', store, run, ({ model, exit }) => {
        const found = quality.find((row) => row.model === model && row.exit === exit);
        return found && (found.exactMatch * 100).toFixed(1);
    });
}
/** How many answers look degenerate, and how many are empty where any is. */
function degenerateSections(store, run) {
    const counts = read(store, degenerateAnswersRead(run));
    const section = (title, countOf) => byExit(title, store, run, ({ model, exit }) => {
        const found = counts.find((row) => row.model === model && row.exit === exit);
        return found && ((100 * countOf(found)) / found.answers).toFixed(1);
    });
    const isAnyEmpty = counts.some(({ empty }) => empty > 0);
    return [
        section('Degenerate, %', ({ degenerate }) => degenerate),
        ...(isAnyEmpty ? [section('Empty, %', ({ empty }) => empty)] : []),
    ];
}
function speedSection(store, run) {
    const speeds = read(store, exitSpeedRead(run));
    const batchSizes = [...new Set(speeds.map(({ batchSize }) => batchSize))];
    const sections = batchSizes.map((batchSize) => byExit(`Tokens/s, batch ${batchSize}`, store, run, ({ model, exit }) => {
        const found = speeds.find((row) => row.model === model && row.exit === exit && row.batchSize === batchSize);
        return found?.tokensPerSecond.toFixed(0);
    }));
    return sections.join('\n\n');
}
/** One line for each model, one column for each exit; '' where no model has a value. */
function byExit(title, store, run, textOf) {
    const lines = readModels(store, run).map(({ model, subModels }) => {
        const values = subModels.flatMap(({ exit }) => {
            const value = textOf({ model, exit });
            return value === undefined ? [] : [[exit, value]];
        });
        return { label: model, values: new Map(values) };
    });
    return gridText(title, lines);
}
function matrixSection(store, run, { name, modelA, modelB }) {
    const policy = store.get('SELECT policy FROM run WHERE run = @run', { run });
    const scores = read(store, scoresRead(run)).filter((score) => score.comparison === name && score.policy === policy?.policy);
    const exitsA = [...new Set(scores.map(({ exitA }) => exitA))];
    const lines = exitsA.map((exitA) => ({ label: `${modelA}@${exitA}`, values: scoresOfRow(scores, exitA) }));
    const grid = gridText(`against ${modelB}@`, lines);
    if (grid === '')
        return '';
    const rule = scores[0].malformedRule === 'tie' ? ', malformed: tie' : '';
    const title = `Score of ${modelA} (rows) against ${modelB} (columns), policy ${policy?.policy}${rule}`;
    return `${wrappedText(title, WIDTH)}\n${grid}`;
}
function scoresOfRow(scores, exitA) {
    const row = scores.filter((score) => score.exitA === exitA);
    const readable = row.filter((cell) => !isAllMalformed(cell));
    return new Map(readable.map(({ exitB, score }) => [exitB, withoutNegativeZero(score.toFixed(2))]));
}
/** A score that rounds to 0 has no sign. */
function withoutNegativeZero(text) {
    return text === '-0.00' ? '0.00' : text;
}
function gridText(title, lines) {
    const exits = [...new Set(lines.flatMap(({ values }) => [...values.keys()]))].sort((a, b) => a - b);
    if (exits.length === 0)
        return '';
    const longest = Math.max(...[title, ...lines.map(({ label }) => label)].map((label) => label.length));
    const labelWidth = Math.max(LABEL_WIDTH, longest);
    const perBlock = Math.max(1, Math.floor((WIDTH - labelWidth) / NUMBER_WIDTH));
    const blocks = [];
    for (let start = 0; start < exits.length; start += perBlock) {
        blocks.push(blockText(title, lines, exits.slice(start, start + perBlock), labelWidth));
    }
    return blocks.join('\n');
}
/** Some columns of a grid. */
function blockText(title, lines, exits, labelWidth) {
    const row = (label, cells) => `${label.padEnd(labelWidth)}${cells.map((cell) => cell.padStart(NUMBER_WIDTH)).join('')}`;
    const body = lines.map(({ label, values }) => {
        const cells = exits.map((exit) => values.get(exit) ?? '–');
        return row(label, cells);
    });
    return [row(title, exits.map(String)), ...body].join('\n');
}
function checksSection(store, run) {
    const checks = read(store, checksRead(run));
    return checks.length === 0 ? '' : checksText('Checks', checks);
}
