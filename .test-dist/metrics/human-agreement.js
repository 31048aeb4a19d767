/**
 * How far a judge agrees with people. Accuracy and macro averages are scikit-learn's and PandaLM's
 * (`data/compute_metrics.py`), κ is Cohen's (1960).
 */
import { bootstrapInterval } from './bootstrap.js';
import { confusionMatrix, LABELS, VERDICTS, } from './confusion.js';
import { shareOf } from './share.js';
/** Pairs that count under a rule: 0 where all are malformed and dropped. */
export function countedPairs(pairs, malformedRule) {
    return totalOf(confusionMatrix(pairs, malformedRule));
}
/** @throws RangeError where no pair is left to count */
export function agreement(pairs, malformedRule) {
    const confusion = confusionMatrix(pairs, malformedRule);
    const counted = totalOf(confusion);
    if (counted === 0)
        throw new RangeError('no pair is left to count');
    const malformed = pairs.filter(({ verdict }) => verdict === 'malformed').length;
    return { malformedRule, malformed, counted, confusion, ...agreementScores(confusion) };
}
/** Scores of a matrix. All NaN where it is empty. A label never given, or never predicted, has a 0 there. */
export function agreementScores(matrix) {
    const total = totalOf(matrix);
    const labels = LABELS.filter((label) => rowSum(matrix, label) + columnSum(matrix, label) > 0);
    const perLabel = labels.map((label) => labelScores(matrix, label));
    const observed = sum(LABELS.map((label) => matrix[label][label])) / total;
    const chance = sum(LABELS.map((label) => rowSum(matrix, label) * columnSum(matrix, label))) / total ** 2;
    return {
        accuracy: observed,
        precision: sum(perLabel.map(({ precision }) => precision)) / labels.length,
        recall: sum(perLabel.map(({ recall }) => recall)) / labels.length,
        f1: sum(perLabel.map(({ f1 }) => f1)) / labels.length,
        kappa: chance === 1 ? undefined : (observed - chance) / (1 - chance),
    };
}
/**
 * Bootstrap intervals over prompts, all scores from the same resamples (`drawResamples` over the prompts' ids).
 *
 * @throws RangeError where no pair is left to count
 */
export function agreementIntervals(pairs, malformedRule, resamples, level = 0.95) {
    const indexOf = new Map(resamples.ids.map((id, index) => [id, index]));
    const cluster = pairs.map(({ promptId }) => indexOf.get(promptId));
    const scores = new Map(resamples.multiplicities.map((drawn) => [
        drawn,
        agreementScores(confusionMatrix(pairs, malformedRule, (index) => drawn[cluster[index]])),
    ]));
    const interval = (name) => bootstrapInterval(resamples, (drawn) => scores.get(drawn)[name] ?? Number.NaN, level);
    const hasKappa = [...scores.values()].some(({ kappa }) => kappa !== undefined && !Number.isNaN(kappa));
    return {
        accuracy: interval('accuracy'),
        precision: interval('precision'),
        recall: interval('recall'),
        f1: interval('f1'),
        kappa: hasKappa ? interval('kappa') : undefined,
    };
}
/** Share of items on which all people agree, of those that more than one labelled. */
export function unanimousShare(items) {
    const several = items.filter(({ annotations }) => annotations.length > 1);
    const unanimous = several.filter(({ annotations }) => new Set(annotations).size === 1);
    return shareOf(unanimous.length, several.length);
}
function labelScores(matrix, label) {
    const hits = matrix[label][label];
    const [given, predicted] = [rowSum(matrix, label), columnSum(matrix, label)];
    return {
        precision: predicted === 0 ? 0 : hits / predicted,
        recall: given === 0 ? 0 : hits / given,
        f1: (2 * hits) / (given + predicted),
    };
}
function totalOf(matrix) {
    return sum(LABELS.map((label) => rowSum(matrix, label)));
}
function rowSum(matrix, label) {
    return sum(VERDICTS.map((verdict) => matrix[label][verdict]));
}
function columnSum(matrix, verdict) {
    return sum(LABELS.map((label) => matrix[label][verdict]));
}
function sum(values) {
    return values.reduce((total, value) => total + value, 0);
}
