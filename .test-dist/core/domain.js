/**
 * The nouns of the comparison, in the order in which data flows: types, and each enumeration once, as the array from which
 * schemas, SQL and command line options take their values.
 */
export const MODEL_KINDS = ['sft', 'soft', 'early-exit', 'plain'];
export const STOP_REASONS = ['eos', 'token-limit', 'context-end', 'stop-text'];
export const DEGENERATION_CLASSES = ['empty', 'repetitive', 'unlikely', 'ordinary'];
export const ORDERS = ['ab', 'ba'];
export const SLOT_VERDICTS = ['1', '2', 'tie', 'malformed'];
export const PREFERENCES = ['a', 'b', 'tie', 'malformed'];
/** Which model each slot verdict favours, by order: in `ab` slot 1 is model a, in `ba` slot 1 is model b. */
export const PREFERENCE_OF = {
    ab: { '1': 'a', '2': 'b', tie: 'tie', malformed: 'malformed' },
    ba: { '1': 'b', '2': 'a', tie: 'tie', malformed: 'malformed' },
};
export const POLICIES = ['average', 'conflict-is-tie', 'both-agree', 'pooled'];
export const MALFORMED_RULES = ['tie', 'dropped'];
export const AGREEMENT_RULES = ['tie', 'wrong', 'dropped'];
