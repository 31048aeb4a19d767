/**
 * Makes one count of a pair's two verdicts, one for each order. The policies:
 *
 * - `average` (the paper): each order counts half; T is the number of instructions, halves occur.
 * - `pooled`: each order counts whole; T is the number of verdicts, twice the instructions. The same score as `average`.
 * - `conflict-is-tie` (PandaLM's paper): a win for a and a win for b make a tie; a win and a tie make a win, for a tie does
 *   not contradict it. T is the number of instructions.
 * - `both-agree` (MT-bench): a win only if both orders say so, else a tie. T is the number of instructions.
 *
 * What happens to a malformed verdict:
 *
 * - `dropped` (default): it is no win, loss or tie but counts as `malformed`, and stays in T: under every policy
 *   wins + losses + ties + malformed = total, and a judge that gives no verdict pulls the score towards 0 visibly. Under
 *   `conflict-is-tie` and `both-agree` one malformed verdict makes the pair malformed: half a reading of a pair has the
 *   judge's position bias in full.
 * - `tie` (what PandaLM's code does silently): it is a tie before the policy looks at it; `malformed` is then 0.
 */
import { PREFERENCE_OF, } from '../core/domain.js';
/** Both orders of one pair. Two identical responses are one prompt: give its one verdict twice. */
export function toOutcome(instructionId, ab, ba) {
    return {
        instructionId,
        ab: PREFERENCE_OF.ab[ab],
        ba: PREFERENCE_OF.ba[ba],
    };
}
/** Counts of a cell from its outcomes, both orders together. No outcomes give zeros; scoring them throws. */
export function countOutcomes(outcomes, policy, malformedRule = 'dropped') {
    return toCounts(outcomes.map((outcome) => tallyOutcome(outcome, policy, malformedRule)));
}
/**
 * What one pair adds to a cell's score, in [−1, 1]: the score is the mean of these over the instructions, under every
 * policy. This is what the bootstrap resamples and the sign test looks at.
 */
export function outcomeValue(outcome, policy, malformedRule = 'dropped') {
    const { a, b, tie, malformed } = tallyOutcome(outcome, policy, malformedRule);
    return (a - b) / (a + b + tie + malformed);
}
function tallyOutcome(outcome, policy, malformedRule) {
    const ab = ruled(outcome.ab, malformedRule);
    const ba = ruled(outcome.ba, malformedRule);
    switch (policy) {
        case 'average':
            return add(unit(ab, 0.5), unit(ba, 0.5));
        case 'pooled':
            return add(unit(ab), unit(ba));
        case 'conflict-is-tie':
            return unit(unlessMalformed(ab, ba, withoutConflict(ab, ba)));
        case 'both-agree':
            return unit(unlessMalformed(ab, ba, ab === ba ? ab : 'tie'));
        default:
            throw new Error(`Unknown policy ${policy}`);
    }
}
function ruled(preference, malformedRule) {
    return preference === 'malformed' && malformedRule === 'tie' ? 'tie' : preference;
}
function unlessMalformed(ab, ba, reconciled) {
    return ab === 'malformed' || ba === 'malformed' ? 'malformed' : reconciled;
}
function withoutConflict(ab, ba) {
    if (ab === 'tie')
        return ba;
    return ba === 'tie' || ab === ba ? ab : 'tie';
}
function unit(preference, amount = 1) {
    const tally = { a: 0, b: 0, tie: 0, malformed: 0 };
    tally[preference] = amount;
    return tally;
}
function add(left, right) {
    return {
        a: left.a + right.a,
        b: left.b + right.b,
        tie: left.tie + right.tie,
        malformed: left.malformed + right.malformed,
    };
}
function toCounts(tallies) {
    const { a, b, tie, malformed } = tallies.reduce(add, { a: 0, b: 0, tie: 0, malformed: 0 });
    return { wins: a, losses: b, ties: tie, malformed, total: a + b + tie + malformed };
}
