/** Responses: `generation` holds what a sub-model wrote to a prompt, `answer` which of it belongs to a run. */
import { contentKey } from '../../core/content-key.js';
import { canonicalJson } from '../../core/json.js';
import { GENERATION } from '../schema/content-tables.js';
import { ANSWER } from '../schema/run-tables.js';
import { fields, inserter, knownKeys } from './statements.js';
import { insertTextQuality } from './text-quality-table.js';
export function responseKey({ subModelKey, promptSha256, decoding }) {
    return contentKey('response', { subModelKey, promptSha256, decoding });
}
/** Those of `keys` that need not be computed again. */
export function knownResponseKeys(store, keys) {
    return knownKeys(store, GENERATION, 'response_key', keys);
}
/** One finished unit of work in one transaction. Content that is there already stays as it is. */
export function saveAnswers(store, run, unit) {
    store.transaction(() => {
        for (const generation of unit.generations)
            insertGeneration(store, generation);
        for (const answer of unit.answers)
            insertAnswer(store, { run, ...answer });
    });
}
/** Responses of one sub-model by instruction id, in the order of the set. */
export function readAnswers(store, run, { model, exit }) {
    const rows = store.all(SELECT_ANSWERS, { run, model, exit });
    return new Map(rows.map(({ tokenIds, ...row }) => [row.instructionId, { ...row, tokenIds: JSON.parse(tokenIds) }]));
}
const insertAnswer = inserter(ANSWER, ['response_key']);
const insertResponse = inserter(GENERATION, 'keep');
const SELECT_ANSWERS = `SELECT ${fields('a.model', 'a.exit', 'a.instruction_id', 'a.response_key', 'g.text', 'g.token_ids')},
    ${fields('g.stop_reason', 'g.prompt_tokens', 'g.duration_ms')}
  FROM answer a JOIN generation g USING (response_key) JOIN run_instruction r USING (run, instruction_id)
  WHERE a.run = @run AND a.model = @model AND a.exit = @exit ORDER BY r.position`;
function insertGeneration(store, generation) {
    insertResponse(store, {
        ...generation,
        decodingJson: canonicalJson(generation.decoding),
        tokenIds: JSON.stringify(generation.tokenIds),
    });
    insertTextQuality(store, generation.responseKey, generation.text);
}
