import { qualitySpeedRead } from '../../store/read/exit-reads.js';
import { axisTitle } from '../chart/axis-title.js';
import { tickText } from '../chart/format-number.js';
import { integerAxis, markerLegend, styledLine } from '../chart/lines.js';
import { CATEGORICAL, cycled } from '../chart/palette.js';
import { requireData, requireFinite } from '../chart/require-panels.js';
import { axisTicks, baseOptions, FIGURE_WIDTH_PX, GRID, panelWidth } from '../chart/style.js';
import { exitsOf, sizeOf } from './labels.js';
/** Quality and speed of every exit of every model. */
export const QUALITY_SPEED_FIGURE = {
    name: 'quality-speed',
    title: 'Quality against speed',
    alt: 'Quality and speed by exit',
    missing: 'Neither was measured.',
    section: 'measurements',
    reads: ({ run, speedBatchSize }) => ({ exits: qualitySpeedRead(run, speedBatchSize) }),
    draw(head, { exits }) {
        const isQualityKnown = exits.some(({ exactMatch }) => exactMatch !== null);
        const isSpeedKnown = exits.some(({ tokensPerSecond }) => tokensPerSecond !== null);
        if (!isQualityKnown && !isSpeedKnown)
            return undefined;
        const names = head.models.map(({ label }) => label).join(', ');
        const at = (model, exit) => exits.find((row) => row.model === model && row.exit === exit);
        return qualitySpeed({
            title: `Quality and speed by exit: ${names} (known answers, no judge, ${sizeOf(head)})`,
            quality: { label: 'Exact match with the known answer', range: [0, 1], format: 'percent' },
            notes: [
                `Speed: greedy decoding, batch ${head.speedBatchSize}, prefill not counted, nothing else in flight; this machine.`,
                ...(isQualityKnown ? [] : ['The instruction set has no known answers, so quality is not drawn.']),
            ],
            models: head.models.map((model) => ({
                name: model.label,
                points: exitsOf(model).map((exit) => ({
                    exit,
                    quality: at(model.model, exit)?.exactMatch ?? null,
                    tokensPerSecond: at(model.model, exit)?.tokensPerSecond ?? null,
                })),
            })),
        });
    },
};
const PANEL_MIN_WIDTH_PX = 540;
const PANEL_HEIGHT_PX = 400;
/** Without the horizontal axis and the legend. */
const AXIS_HEIGHT_PX = 290;
/** Quality and speed by exit, side by side. @throws InputError `empty` without models or points. */
export function qualitySpeed(input) {
    requireData('quality-speed', 'model', input.models);
    for (const model of input.models)
        requireData(`quality-speed, ${model.name}`, 'exit', model.points);
    const widthPx = panelWidth(2, PANEL_MIN_WIDTH_PX);
    const size = { widthPx, heightPx: PANEL_HEIGHT_PX };
    const panels = [
        { title: 'Quality by exit', config: qualityConfig(input), ...size },
        { title: 'Speed by exit', config: speedConfig(input), ...size },
    ];
    return { title: input.title, footer: input.notes, widthPx: FIGURE_WIDTH_PX, panels };
}
export function qualityConfig(input) {
    const { label, range, format } = input.quality;
    const [min, max] = range;
    const callback = (value) => format === 'percent' ? `${tickText(Number(value) * 100)} %` : tickText(Number(value));
    return byExit(input, 'quality', {
        type: 'linear',
        min,
        max,
        grid: { color: GRID },
        ticks: { ...axisTicks(), callback },
        title: axisTitle(label, AXIS_HEIGHT_PX),
    });
}
export function speedConfig(input) {
    return byExit(input, 'tokensPerSecond', {
        type: 'linear',
        min: 0,
        // Chart.js would end the axis at the highest marker and cut it in half.
        grace: '5%',
        grid: { color: GRID },
        ticks: axisTicks(),
        title: axisTitle('Tokens per second', AXIS_HEIGHT_PX),
    });
}
function byExit(input, measure, y) {
    const exits = input.models.flatMap((model) => model.points.map((point) => point.exit));
    const [first, last] = [Math.min(...exits), Math.max(...exits)];
    return {
        type: 'line',
        data: {
            datasets: input.models.map((model, index) => styledLine(model.name, exitLine(model, measure), cycled(CATEGORICAL, index), index)),
        },
        options: {
            ...baseOptions(),
            plugins: { legend: markerLegend('bottom') },
            scales: { x: integerAxis('Exit (layers)', first, last, exitStep(exits)), y },
        },
    };
}
function exitLine(model, measure) {
    const sorted = [...model.points].sort((a, b) => a.exit - b.exit);
    return sorted.map((point) => {
        const value = point[measure];
        return { x: point.exit, y: value === null ? null : requireFinite(model.name, value) };
    });
}
/** Smallest distance of two exits, so that ticks are exits where these are evenly spaced; at most 16 ticks. */
function exitStep(exits) {
    const sorted = [...new Set(exits)].sort((a, b) => a - b);
    const steps = sorted.slice(1).map((exit, index) => exit - sorted[index]);
    if (steps.length === 0)
        return 1;
    const smallest = Math.min(...steps);
    const span = sorted.at(-1) - sorted[0];
    return smallest * Math.ceil(span / smallest / 16);
}
