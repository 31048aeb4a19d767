/** Verdicts: `judgement` holds what a judge wrote to a prompt, `judged_pair` which pairs and orders of a run that settles. */
import { contentKey } from '../../core/content-key.js';
import { canonicalJson } from '../../core/json.js';
import { JUDGED_PAIR } from '../schema/comparison-tables.js';
import { JUDGEMENT } from '../schema/content-tables.js';
import { fields, inserter, knownKeys } from './statements.js';
export function judgementKey({ judgeKey, promptSha256, decoding }) {
    return contentKey('judgement', { judgeKey, promptSha256, decoding });
}
/** Those of `keys` that the judge need not read again. */
export function knownJudgementKeys(store, keys) {
    return knownKeys(store, JUDGEMENT, 'judgement_key', keys);
}
/** What a judge wrote, by judgement key; keys that are not stored have no entry. */
export function readJudgeTexts(store, keys) {
    const rows = store.all(`SELECT judgement_key AS key, raw_text AS rawText FROM judgement
     WHERE judgement_key IN (SELECT value FROM json_each(@keys))`, { keys: JSON.stringify(keys) });
    return new Map(rows.map(({ key, rawText }) => [key, rawText]));
}
/** One finished unit of work in one transaction. Content that is there already stays as it is. `saveJudge` comes first. */
export function saveJudgements(store, run, unit) {
    store.transaction(() => {
        for (const { decoding, ...judgement } of unit.judgements) {
            insertJudgement(store, { ...judgement, decodingJson: canonicalJson(decoding) });
        }
        for (const { order, ...pair } of unit.pairs)
            insertPair(store, { run, ...pair, ord: order });
    });
}
/**
 * Parses the stored texts of one protocol again: those of other parser versions, or all. Without this,
 * verdicts of the older parser would stay in use.
 * @returns the number of judgements parsed
 */
export function reparseJudgements(store, { protocol, parserVersion, parse }, which = 'outdated') {
    return store.transaction(() => {
        const outdated = store.all(`SELECT judgement_key AS key, raw_text AS rawText FROM judgement
       WHERE decoding_json ->> '$.protocol' IS @protocol AND (parser_version <> @parserVersion OR @which = 'all')`, { protocol, parserVersion, which });
        for (const { key, rawText } of outdated) {
            store.run(REPARSE, { key, parserVersion, slotVerdict: parse(rawText) });
        }
        return outdated.length;
    });
}
/** Of the judgements with these keys: those on responses that were truncated to the judge's context. */
export function countCutJudgements(store, keys) {
    return store.get(`SELECT count(${CUT}) AS cut FROM judgement WHERE judgement_key IN (SELECT value FROM json_each(@keys))`, { keys: JSON.stringify(keys) }).cut;
}
/** Verdicts of a run, and those of them on responses that were truncated to the judge's context. */
export function countCutVerdicts(store, run) {
    return store.get(`SELECT count(${CUT}) AS cut, count(*) AS "all"
     FROM judged_pair p JOIN judgement j USING (judgement_key) WHERE p.run = @run`, { run });
}
/** Every cell of a comparison that has pairs judged in both orders, by exit a, then exit b. */
export function readOutcomes(store, run, comparison) {
    const cells = [];
    for (const { exitA, exitB, ...outcome } of store.all(SELECT_OUTCOMES, {
        run,
        comparison,
    })) {
        const last = cells.at(-1);
        if (last?.exitA === exitA && last.exitB === exitB)
            last.outcomes.push(outcome);
        else
            cells.push({ exitA, exitB, outcomes: [outcome] });
    }
    return cells;
}
/** NULL where the judge read all. */
const CUT = "coalesce(decoding_json ->> '$.cutTokens', decoding_json ->> '$.cutCharacters')";
const insertJudgement = inserter(JUDGEMENT, 'keep');
const insertPair = inserter(JUDGED_PAIR, ['judgement_key']);
const REPARSE = `UPDATE judgement SET slot_verdict = @slotVerdict, parser_version = @parserVersion
  WHERE judgement_key = @key`;
const SELECT_OUTCOMES = `SELECT ${fields('o.exit_a', 'o.exit_b', 'o.instruction_id', 'o.ab', 'o.ba')}
  FROM pair_outcome o JOIN run_instruction r USING (run, instruction_id)
  WHERE o.run = @run AND o.comparison = @comparison ORDER BY o.exit_a, o.exit_b, r.position`;
