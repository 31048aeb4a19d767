import { countOutcomes } from '../../judge/reconcile.js';
import { isFolderModel } from '../../sources/sweep-models.js';
import { readAnswerTexts } from '../plan/answer-texts.js';
/**
 * What must hold in every run, whatever the models say; a broken one means a broken run and not a surprising result.
 */
export function runChecks(sweep, outcomes) {
    const answers = readAnswerTexts(sweep);
    return [
        malformedShare(sweep, outcomes),
        identicalAnswers(sweep, outcomes, answers),
        ...mirroredComparisons(sweep, outcomes),
        ...lastExits(sweep, answers),
    ].filter((check) => check !== undefined);
}
function malformedShare(sweep, outcomes) {
    const verdicts = [...outcomes.values()]
        .flat()
        .flatMap((cell) => cell.outcomes.flatMap(({ ab, ba }) => [ab, ba]));
    if (verdicts.length === 0)
        return undefined;
    const malformed = verdicts.filter((preference) => preference === 'malformed').length;
    const share = malformed / verdicts.length;
    const limit = sweep.config.limits.malformedShare;
    return {
        name: 'malformed verdicts',
        passed: share <= limit,
        detail: `${malformed} of ${verdicts.length} (${percent(share)}), limit ${percent(limit)}`,
    };
}
/** Both orders of two identical answers are one prompt, so its one verdict counts once for each model. */
function identicalAnswers(sweep, outcomes, answers) {
    const identical = [];
    for (const { name, modelA, modelB } of sweep.comparisons) {
        for (const cell of outcomes.get(name) ?? []) {
            const same = cell.outcomes.filter(({ instructionId: id }) => answers(modelA, cell.exitA, id) === answers(modelB, cell.exitB, id));
            identical.push(...same);
        }
    }
    if (identical.length === 0)
        return undefined;
    const unbalanced = identical.filter((outcome) => {
        const { wins, losses } = countOutcomes([outcome], 'average');
        return wins !== losses;
    });
    return {
        name: 'identical answers score 0',
        passed: unbalanced.length === 0,
        detail: `${unbalanced.length} of ${identical.length} pairs of identical answers do not`,
    };
}
/** cell(a, b) = −cell(b, a), where a sweep compares two models both ways round. */
function mirroredComparisons(sweep, outcomes) {
    return sweep.comparisons.flatMap((comparison, index) => {
        const mirror = sweep.comparisons.find((other, otherIndex) => otherIndex > index && other.modelA === comparison.modelB && other.modelB === comparison.modelA);
        if (!mirror)
            return [];
        const mirrored = outcomes.get(mirror.name) ?? [];
        const broken = (outcomes.get(comparison.name) ?? []).filter((cell) => {
            const other = mirrored.find(({ exitA, exitB }) => exitA === cell.exitB && exitB === cell.exitA);
            return other && balance(cell.outcomes) !== -balance(other.outcomes);
        });
        return [
            {
                name: `${comparison.name} mirrors ${mirror.name}`,
                passed: broken.length === 0,
                detail: `${broken.length} cells differ from the negated one`,
            },
        ];
    });
}
function balance(outcomes) {
    const { wins, losses } = countOutcomes(outcomes, 'average');
    return wins - losses;
}
/** An early-exit model is a frozen SFT model with more heads: at full depth they are one sub-model. */
function lastExits(sweep, answers) {
    const models = [...sweep.models.values()].filter(isFolderModel);
    return models
        .filter(({ manifest }) => manifest.kind === 'early-exit')
        .flatMap((model) => {
        const last = model.manifest.architecture.layers;
        if (!model.exits.includes(last))
            return [];
        const layers = weightsOf(model.manifest);
        const base = models.find((other) => other !== model &&
            other.manifest.kind !== 'early-exit' &&
            weightsOf(other.manifest) === layers &&
            other.exits.includes(last));
        if (!base)
            return [];
        const different = sweep.instructions.filter(({ id }) => answers(model.name, last, id) !== answers(base.name, last, id));
        return [
            {
                name: `${model.name}@${last} equals ${base.name}@${last}`,
                passed: different.length === 0,
                detail: `${different.length} of ${sweep.instructions.length} answers differ`,
            },
        ];
    });
}
/** sha256 of the files that hold the layers. */
function weightsOf(manifest) {
    const files = new Set(manifest.segments.flatMap(({ weights }) => weights));
    return [...files].map((file) => manifest.files[file]?.sha256).join();
}
function percent(share) {
    return `${(share * 100).toFixed(1)} %`;
}
