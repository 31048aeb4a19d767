import { publishedDifferences, } from '../../metrics/published-difference.js';
import { differenceHeatmaps } from './difference-heatmaps.js';
import { labelOf } from './labels.js';
/** Published cells are means over both orders, so their counterparts are the run's under this policy. */
const PUBLISHED_POLICY = 'average';
/** The run's comparisons with their scores, as far as they are the counterparts of published ones. */
export function scoredComparisons(head, scores) {
    const own = scores.filter(({ policy }) => policy === PUBLISHED_POLICY);
    const matched = (name) => {
        const { kind, layers } = head.models.find(({ model }) => model === name);
        return { name, kind, layers };
    };
    return head.comparisons.map(({ name, modelA, modelB }) => ({
        name,
        modelA: matched(modelA),
        modelB: matched(modelB),
        cells: own
            .filter(({ comparison }) => comparison === name)
            .map(({ exitA, exitB, score }) => ({ exitA, exitB, score })),
    }));
}
export function differencesFromPublished(head, scores, published) {
    return publishedDifferences(scoredComparisons(head, scores), published);
}
/** @param source name of the file of published cells. @returns `undefined` where nothing of the run was published */
export function publishedFigure(head, differences, source) {
    if (differences.length === 0)
        return undefined;
    const judge = head.judge ?? 'not recorded';
    const deviations = head.judgeDeviations === null ? '' : ` Deviations from PandaLM: ${head.judgeDeviations}.`;
    return differenceHeatmaps({
        run: head.run,
        judge,
        instructions: head.instructions,
        panels: differences.map((difference) => toPanel(difference, head)),
        notes: [
            `Published: ${source}; cells matched by relative depth (exit / model's layers). Score = (wins − losses) / total, mean over both orders.`,
            `Judge of this run: ${judge}, n = ${head.instructions}.${deviations}`,
        ],
    });
}
function toPanel({ modelA, modelB, baseline, cells }, head) {
    return {
        modelA: labelOf(head, modelA.name),
        modelB: labelOf(head, modelB.name),
        baseline,
        exitsA: ascending(cells.map(({ exitA }) => exitA)),
        exitsB: ascending(cells.map(({ exitB }) => exitB)),
        cells,
    };
}
/** Distinct exits, lowest first. */
export function ascending(exits) {
    return [...new Set(exits)].sort((one, other) => one - other);
}
