import { humanAgreementRead, judgeAgreementRead, orderCountsRead, } from '../../store/read/judge-reads.js';
import { malformedRuleRead } from '../../store/read/score-reads.js';
export function scoreEvidenceReads({ run }) {
    return {
        orders: orderCountsRead(run),
        rule: malformedRuleRead(run),
        agreement: judgeAgreementRead(run),
        people: humanAgreementRead(run),
    };
}
/** One paragraph each. */
export function scoreNotes({ judgeDeviations }, evidence, { policy }) {
    return [
        `Policy: ${POLICY_NOTES[policy]} ${malformedNote(evidence)}`,
        judgeDeviations === null ? 'Judged as PandaLM does.' : `Deviations from PandaLM: ${judgeDeviations}.`,
        ...agreementNotes(evidence),
    ];
}
export const POLICY_NOTES = {
    average: 'average, the mean over both orders of the two answers.',
    pooled: 'pooled, every order counts on its own.',
    'conflict-is-tie': 'conflict-is-tie, opposite winners in the two orders make a tie.',
    'both-agree': 'both-agree, a win counts when both orders say so.',
};
function malformedNote({ orders, rule }) {
    const malformed = orders.reduce((sum, order) => sum + order.malformed, 0);
    const verdicts = orders.reduce((sum, { wins, losses, ties }) => sum + wins + losses + ties, malformed);
    const share = ((100 * malformed) / verdicts).toFixed(1);
    const counted = rule[0]?.malformedRule === 'tie' ? 'a tie' : 'neither win, loss nor tie';
    return `Malformed verdicts: ${share} %, counted as ${counted}.`;
}
/** How far the scores' judge can be trusted, as far as that was measured. */
function agreementNotes({ agreement, people }) {
    const known = agreement
        .filter(({ winnerPairs }) => winnerPairs > 0)
        .map(({ comparison, agreeingVerdicts, winnerPairs }) => {
        return `${((50 * agreeingVerdicts) / winnerPairs).toFixed(1)} % (${comparison})`;
    });
    const agreed = people.map(({ labels, accuracy }) => `it agrees with ${(100 * accuracy).toFixed(2)} % of human labels (${labels})`);
    const preferred = `of verdicts where just one answer is right, the judge prefers that one in ${known.join(', ')}`;
    const found = [...(known.length > 0 ? [preferred] : []), ...agreed];
    return found.length === 0 ? [] : [`Measured: ${found.join('; ')}.`];
}
