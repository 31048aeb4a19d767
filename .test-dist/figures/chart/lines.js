import { axisTitle } from './axis-title.js';
import { axisTicks, chartFont, GRID, LABEL, MUTED_INK } from './style.js';
const MARKERS = [
    'circle',
    'triangle',
    'rect',
    'rectRot',
    'crossRot',
    'star',
    'rectRounded',
    'cross',
];
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
/** The `index`-th line of a chart: colour, marker and dash each tell it from its neighbours. */
export function styledLine(label, data, color, index) {
    return {
        label,
        data,
        borderColor: color,
        // Every other group of eight is hollow, so that sixteen lines have sixteen markers.
        backgroundColor: Math.floor(index / MARKERS.length) % 2 === 0 ? color : '#ffffff',
        borderWidth: 2,
        borderDash: [...DASHES[index % DASHES.length]],
        pointStyle: MARKERS[index % MARKERS.length],
        pointRadius: 4,
        pointBorderColor: color,
        pointBorderWidth: 1.5,
        spanGaps: false,
        // Steps of the axis would otherwise be eased into curves that no number stands for.
        tension: 0,
        // Markers on the edge of the plot must not be halved.
        clip: false,
    };
}
/** Whole numbers on a linear axis: positions or exits. */
export function integerAxis(title, min, max, stepSize) {
    return {
        type: 'linear',
        min,
        max,
        grid: { color: GRID },
        ticks: { ...axisTicks(), stepSize, precision: 0, autoSkip: false, includeBounds: false, maxRotation: 0 },
        title: axisTitle(title, 400),
    };
}
/** Legend whose keys are the lines' markers. */
export function markerLegend(position, title = '') {
    return {
        position,
        title: { display: title !== '', text: title, color: MUTED_INK, font: chartFont(LABEL), padding: 4 },
        labels: { usePointStyle: true, boxHeight: 8, padding: 12, font: chartFont(LABEL) },
    };
}
