import { readHumanAgreement } from '../tables/human-agreement-table.js';
import { readJudgeAgreement, readScores } from '../tables/score-table.js';
import { readOrderCounts } from './position-bias.js';
/** How far a run's scores can be trusted. */
export function readEvidence(store, run, comparisons) {
    return {
        orders: comparisons.flatMap((comparison) => readOrderCounts(store, run, comparison)),
        malformedRule: readScores(store, run)[0]?.malformedRule ?? 'dropped',
        agreement: readJudgeAgreement(store, run),
        people: readHumanAgreement(store, run),
    };
}
