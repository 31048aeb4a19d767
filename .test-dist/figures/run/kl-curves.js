import { klPointsRead } from '../../store/read/exit-reads.js';
import { axisTitle } from '../chart/axis-title.js';
import { integerAxis, markerLegend, styledLine } from '../chart/lines.js';
import { logRange } from '../chart/log-axis.js';
import { SEQUENTIAL, spread } from '../chart/palette.js';
import { requireData, requireFinite } from '../chart/require-panels.js';
import { axisTicks, baseOptions, FIGURE_WIDTH_PX, GRID, panelWidth } from '../chart/style.js';
import { labelOf, sizeOf } from './labels.js';
/** Figure 2 of the paper: one panel for each curve. */
export const KL_FIGURE = {
    name: 'kl',
    title: 'KL divergence by output position',
    alt: 'KL divergence by output position',
    missing: 'No divergence was measured.',
    section: 'measurements',
    switches: 'Exits shown',
    reads: ({ run }) => ({ points: klPointsRead(run) }),
    draw(head, { points }) {
        if (points.length === 0)
            return undefined;
        return klCurves({
            direction: 'KL(reference ‖ sub-model)',
            subject: `${modelsOf(head, points)} (no judge, ${sizeOf(head)})`,
            unit: 'nats',
            path: "teacher-forced on the reference's greedy answer",
            notes: [
                `Mean over the instructions whose reference answer reaches the position; n = ${head.instructions} at position 0.`,
            ],
            panels: curvesInOrder(head, points).map((curve) => {
                const own = points.filter((point) => point.curve === curve);
                return { title: curveTitle(head, own[0]), points: own };
            }),
        });
    },
};
/** Names of the curves that have points, as the sweep file orders them. */
function curvesInOrder(head, points) {
    const prefixes = head.curves.map(({ model, reference }) => `${model} from ${reference}@`);
    const rank = (curve) => prefixes.findIndex((prefix) => curve.startsWith(prefix));
    const curves = [...new Set(points.map(({ curve }) => curve))];
    return curves.sort((left, right) => rank(left) - rank(right));
}
function curveTitle(head, { model, referenceModel, referenceExit }) {
    const reference = model === referenceModel ? 'its own' : `${labelOf(head, referenceModel)}'s`;
    return `${labelOf(head, model)}'s exits from ${reference} exit ${referenceExit}`;
}
/** Labels of the models whose exits are drawn. */
function modelsOf(head, points) {
    const drawn = head.models.filter(({ model }) => points.some((point) => point.model === model));
    return drawn.map(({ label }) => label).join(', ');
}
const MIN_PANEL_WIDTH_PX = 540;
const PANEL_HEIGHT_PX = 360;
/** Height of the horizontal axis. */
const AXIS_PX = 65;
/** Above the largest value, as a share of it, so that no marker is cut. */
const HEADROOM = 0.05;
/** One panel beside the other. @throws InputError `empty` without panels or points. */
export function klCurves(input) {
    requireData('kl-curves', 'panel', input.panels);
    for (const panel of input.panels)
        requireData(panel.title, 'KL value', panel.points);
    return {
        title: `${input.direction} by output position, one line for each exit${input.subject ? `: ${input.subject}` : ''}`,
        footer: [`${input.direction} in ${input.unit}; path: ${input.path}.${scaleNotes(input)}`, ...input.notes],
        widthPx: FIGURE_WIDTH_PX,
        panels: input.panels.map((panel) => klPanel(panel, input)),
    };
}
function scaleNotes(input) {
    const hasZeros = input.panels.some((panel) => panel.points.some((point) => point.meanKlNats <= 0));
    const differ = input.panels.length > 1 && input.sharedScale !== true;
    return [
        differ ? ' Vertical axes differ between the panels.' : '',
        input.scale === 'log' && hasZeros ? ' Values of 0 have no place on the logarithmic axis.' : '',
    ].join('');
}
function klPanel(panel, input) {
    const widthPx = panelWidth(input.panels.length, MIN_PANEL_WIDTH_PX);
    return { title: panel.title, config: klConfig(panel, input), widthPx, heightPx: PANEL_HEIGHT_PX };
}
/** One chart of KL curves. */
export function klConfig(panel, input) {
    requireData(panel.title, 'KL value', panel.points);
    const exits = [...new Set(panel.points.map((point) => point.exit))].sort((a, b) => a - b);
    const colors = spread(SEQUENTIAL, exits.length);
    const scaled = input.sharedScale === true ? input.panels.flatMap(({ points }) => points) : panel.points;
    const lastPosition = Math.max(...scaled.map((point) => point.position));
    return {
        type: 'line',
        data: {
            datasets: exits.map((exit, index) => styledLine(exit === 1 ? '1 layer' : `${exit} layers`, klLine(panel, exit, input.scale), colors[index], index)),
        },
        options: {
            ...baseOptions(),
            plugins: { legend: markerLegend('right', 'Exit') },
            scales: {
                x: integerAxis('Output position', 0, Math.max(1, lastPosition), positionStep(lastPosition)),
                y: klAxis(scaled, `Mean ${input.direction}, ${input.unit}`, input.scale),
            },
        },
    };
}
/** About ten ticks, at round numbers, whatever the length. */
function positionStep(lastPosition) {
    return [1, 2, 5, 10, 20, 50, 100].find((step) => lastPosition / step <= 12) ?? Math.ceil(lastPosition / 10);
}
/** All positions up to the exit's last one; absent ones are gaps. */
function klLine(panel, exit, scale) {
    const own = panel.points.filter((point) => point.exit === exit);
    const byPosition = new Map(own.map((point) => [point.position, requireFinite(panel.title, point.meanKlNats)]));
    const last = Math.max(...byPosition.keys());
    return Array.from({ length: last + 1 }, (_, position) => {
        const value = byPosition.get(position) ?? null;
        return { x: position, y: scale === 'log' && value !== null && value <= 0 ? null : value };
    });
}
function klAxis(points, title, scale) {
    const values = points.map((point) => point.meanKlNats);
    const common = { grid: { color: GRID }, title: axisTitle(title, PANEL_HEIGHT_PX - AXIS_PX) };
    if (scale === 'log')
        return { type: 'logarithmic', ...logRange(values), ...common };
    const suggestedMax = Math.max(...values) * (1 + HEADROOM);
    return { type: 'linear', min: 0, suggestedMax, ticks: axisTicks(), ...common };
}
