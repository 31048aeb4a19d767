import { POLICIES, } from '../../core/domain.js';
import { InputError } from '../../core/errors.js';
import { drawResamples } from '../../metrics/bootstrap.js';
import { cellScores, scoreInterval } from '../../metrics/score.js';
import { cellSignTests } from '../../metrics/sign-test.js';
import { readOutcomes } from '../../store/tables/judgement-table.js';
import { saveChecks, saveScores } from '../../store/tables/score-table.js';
import { completenessChecks, mayBeIncomplete } from '../checks/completeness.js';
import { runChecks } from '../checks/run-checks.js';
/**
 * Scores every cell under every policy from the stored verdicts, with bootstrap intervals over instructions and sign
 * tests corrected over each comparison's cells, and checks the run's invariants.
 * A cell that lacks verdicts because a server or a file left them out is not scored, and a failed check says so.
 * @throws InputError `empty` when pairs are not judged yet
 */
export function scoreStage(sweep) {
    const ids = sweep.instructions.map(({ id }) => id);
    const resamples = drawResamples(ids, { seed: sweep.config.seed });
    const comparisons = sweep.comparisons.map((comparison) => readComparison(sweep, comparison));
    const outcomes = new Map(comparisons.map(({ comparison, complete }) => [comparison, complete]));
    const scores = [...outcomes].flatMap(([name, cells]) => POLICIES.flatMap((policy) => scoreCells(name, cells, policy, sweep.config.malformed, resamples)));
    const checks = [...runChecks(sweep, outcomes), ...completenessChecks(sweep, comparisons)];
    sweep.store.transaction(() => {
        saveScores(sweep.store, sweep.run, sweep.config.policy, scores);
        saveChecks(sweep.store, sweep.run, checks);
    });
    return checks;
}
/** The cells of a comparison that have every instruction judged in both orders. */
function readComparison(sweep, { name, exitsA, exitsB }) {
    const read = readOutcomes(sweep.store, sweep.run, name);
    const judged = read.reduce((sum, { outcomes }) => sum + outcomes.length, 0);
    const instructions = sweep.instructions.length;
    const cells = exitsA.length * exitsB.length;
    const pairs = cells * instructions;
    const complete = read.filter(({ outcomes }) => outcomes.length === instructions);
    if (judged === pairs || mayBeIncomplete(sweep))
        return { comparison: name, complete, cells, judged, pairs };
    throw new InputError({
        code: 'empty',
        where: `${sweep.store.path}: comparison ${name}`,
        expected: `${pairs} pairs judged in both orders`,
        found: `${judged}`,
        fix: 'Run the judge stage first: sorted-eval judge <sweep.yaml>.',
    });
}
function scoreCells(comparison, cells, policy, malformedRule, resamples) {
    if (cells.length === 0)
        return [];
    const tests = cellSignTests(cells, policy, malformedRule);
    return cellScores(cells, policy, malformedRule).map((score, index) => {
        const outcomes = cells[index].outcomes;
        const { low, high } = scoreInterval(resamples, outcomes, policy, malformedRule);
        const { pValue, adjustedPValue } = tests[index];
        return {
            comparison,
            policy,
            malformedRule,
            ...score,
            ciLow: low,
            ciHigh: high,
            pValue,
            pHolm: adjustedPValue,
        };
    });
}
