/** A run's cells minus published ones: which belongs to which, and how far apart they are. */
import { relativeDepth } from '../core/relative-depth.js';
import { spearman } from './spearman.js';
/** The published model of each kind; what a SoFT model was compared with. */
const BASELINES = {
    sft: 'SFT',
    'early-exit': 'SFT+ICT',
};
/** Matches every comparison of a SoFT model with its published baseline, by the models' kinds and relative depths. */
export function publishedDifferences(comparisons, published) {
    const differences = [];
    const unmatchedComparisons = [];
    for (const comparison of comparisons) {
        const difference = differenceOf(softFirst(comparison), published);
        if (difference)
            differences.push(difference);
        else
            unmatchedComparisons.push(comparison);
    }
    const used = new Set(differences.map(({ baseline }) => baseline));
    const unusedPublished = new Map();
    for (const { baseline } of published) {
        if (!used.has(baseline))
            unusedPublished.set(baseline, (unusedPublished.get(baseline) ?? 0) + 1);
    }
    return { differences, unmatchedComparisons, unusedPublished };
}
/** Published scores are those of the SoFT model; cell(a, b) = −cell(b, a). */
function softFirst(comparison) {
    const { modelA, modelB, cells } = comparison;
    if (modelB.kind !== 'soft' || modelA.kind === 'soft')
        return comparison;
    const turned = cells.map(({ exitA, exitB, score }) => ({ exitA: exitB, exitB: exitA, score: 0 - score }));
    return { ...comparison, modelA: modelB, modelB: modelA, cells: turned };
}
function differenceOf({ modelA, modelB, cells }, published) {
    const baseline = modelA.kind === 'soft' ? BASELINES[modelB.kind] : undefined;
    if (baseline === undefined)
        return undefined;
    const ofBaseline = published.filter((cell) => cell.baseline === baseline);
    const atDepth = new Map(ofBaseline.map((cell) => [depthKey(cell, cell.layers, cell.layers), cell]));
    const matched = cells.flatMap((cell) => {
        const counterpart = atDepth.get(depthKey(cell, modelA.layers, modelB.layers));
        if (!counterpart)
            return [];
        return [{ ...cell, published: counterpart, difference: cell.score - counterpart.score }];
    });
    if (matched.length === 0)
        return undefined;
    const unmatched = {
        unmatchedCells: cells.length - matched.length,
        unmatchedPublished: ofBaseline.length - matched.length,
    };
    return { baseline, modelA, modelB, cells: matched, ...summaryOf(matched), ...unmatched };
}
function depthKey({ exitA, exitB }, layersA, layersB) {
    return `${relativeDepth(exitA, layersA)} ${relativeDepth(exitB, layersB)}`;
}
function summaryOf(cells) {
    const mean = (values) => values.reduce((total, value) => total + value, 0) / values.length;
    return {
        rankCorrelation: spearman(cells.map(({ score, published }) => [published.score, score])),
        meanDifference: mean(cells.map(({ difference }) => difference)),
        meanAbsoluteDifference: mean(cells.map(({ difference }) => Math.abs(difference))),
    };
}
