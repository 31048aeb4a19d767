import { InputError } from '../../core/errors.js';
import { axisTitle } from './axis-title.js';
import { fixed } from './format-number.js';
import { cellTexts, colorBar } from './heatmap-plugins.js';
import { COLOR_BAR_PX, chooseCellWidth, columnAxis, figureWidth, panelSize, rowAxis, } from './heatmap-size.js';
import { colorAt, inkOn } from './palette.js';
import { requireData, requireFinite } from './require-panels.js';
import { axisTicks, baseOptions, PAPER } from './style.js';
const MISSING_INK = '#595959';
/** Matrices side by side under one scale. @throws InputError `empty` without panels, exits or cells. */
export function heatmaps(input) {
    requireData(input.title, 'panel', input.panels);
    const cellWidthPx = chooseCellWidth(input.panels);
    const panels = input.panels.map((panel) => heatmapPanel(panel, input.scale, cellWidthPx));
    return { title: input.title, footer: input.footer, widthPx: figureWidth(panels), panels };
}
function heatmapPanel(panel, scale, cellWidthPx) {
    return {
        title: panel.title,
        config: heatmapConfig(panel, scale),
        ...panelSize(panel, cellWidthPx),
    };
}
/** One matrix with the numbers in its cells and a colour bar at its right. */
export function heatmapConfig(panel, scale) {
    requireData(panel.title, 'exit of model a', panel.exitsA);
    requireData(panel.title, 'exit of model b', panel.exitsB);
    requireData(panel.title, 'cell', panel.cells);
    const [rows, columns] = [rowAxis(panel), columnAxis(panel)];
    return {
        type: 'matrix',
        data: { labels: columns.labels, datasets: [dataset(panel, scale)] },
        options: {
            ...baseOptions(),
            layout: { padding: { right: COLOR_BAR_PX, top: 8, left: 0, bottom: 0 } },
            plugins: { legend: { display: false }, tooltip: { enabled: false } },
            scales: {
                x: exitAxis(columns),
                y: exitAxis(rows),
            },
        },
        plugins: [cellTexts, colorBar(scale)],
    };
}
/** Every cell of the matrix in reading order, the missing ones too. */
export function heatmapPoints(panel, scale) {
    const values = new Map(panel.cells.map((cell) => [cellKey(panel, cell), cell.value]));
    return panel.exitsA.flatMap((exitA) => panel.exitsB.map((exitB) => {
        const value = values.get(`${exitA}/${exitB}`);
        const place = { x: String(exitB), y: String(exitA) };
        if (value === undefined || value === null)
            return { ...place, v: null, text: '–', fill: PAPER, ink: MISSING_INK };
        return { ...place, ...painted(requireFinite(panel.title, value), scale) };
    }));
}
function painted(value, scale) {
    const fill = colorAt(scale.palette, (value - scale.min) / (scale.max - scale.min));
    return { v: value, text: fixed(value, scale.digits), fill, ink: inkOn(fill) };
}
/** A cell that no row or column stands for would vanish without a word. */
function cellKey(panel, cell) {
    if (panel.exitsA.includes(cell.exitA) && panel.exitsB.includes(cell.exitB))
        return `${cell.exitA}/${cell.exitB}`;
    throw new InputError({
        code: 'unknown-exit',
        where: `figure ${panel.title}`,
        expected: `exits among ${panel.exitsA.join(', ')} (rows) and ${panel.exitsB.join(', ')} (columns)`,
        found: `a cell at ${cell.exitA} against ${cell.exitB}`,
        fix: "Name all exits of the run's cells.",
    });
}
function dataset(panel, scale) {
    return {
        data: heatmapPoints(panel, scale),
        backgroundColor: ({ raw }) => raw.fill,
        // Colour alone shows a number; a missing one needs an outline to be seen as a cell.
        borderColor: '#bfbfbf',
        borderWidth: ({ raw }) => (raw.v === null ? 1 : 0),
        // The plot has no size before its first layout pass.
        width: ({ chart }) => (chart.chartArea?.width ?? 0) / panel.exitsB.length - 2,
        height: ({ chart }) => (chart.chartArea?.height ?? 0) / panel.exitsA.length - 2,
    };
}
function exitAxis({ labels, title, lengthPx }) {
    return {
        type: 'category',
        labels,
        offset: true,
        // The matrix type turns y around by default; the first row belongs at the top.
        reverse: false,
        grid: { display: false },
        border: { display: false },
        ticks: { ...axisTicks(), autoSkip: false, maxRotation: 0 },
        title: axisTitle(title, lengthPx),
    };
}
