/** Responses: `generation` holds what a sub-model wrote to a prompt, `answer` which of it belongs to a run. */

import { contentKey } from '../../core/content-key.ts';
import type { Generation, Response, StopReason, SubModel } from '../../core/domain.ts';
import { canonicalJson, type JsonValue } from '../../core/json.ts';
import type { Store } from '../database.ts';
import { GENERATION } from '../schema/content-tables.ts';
import { ANSWER } from '../schema/run-tables.ts';
import { fields, inserter, knownKeys } from './statements.ts';
import { insertTextQuality } from './text-quality-table.ts';

/** What a response depends on. */
export interface ResponseParts {
  readonly subModelKey: string;
  /** Of the prompt's text as UTF-8. */
  readonly promptSha256: string;
  readonly decoding: JsonValue;
}

export interface GenerationRecord extends ResponseParts, Generation {
  readonly responseKey: string;
  readonly text: string;
  readonly promptTokens: number;
}

export interface AnswerMapping extends SubModel {
  readonly instructionId: string;
  readonly responseKey: string;
}

/** A response of a run with what a judge's prompt or a KL pass needs. */
export interface StoredAnswer extends Response {
  readonly responseKey: string;
  readonly promptTokens: number;
}

export function responseKey({ subModelKey, promptSha256, decoding }: ResponseParts): string {
  return contentKey('response', { subModelKey, promptSha256, decoding });
}

/** Those of `keys` that need not be computed again. */
export function knownResponseKeys(store: Store, keys: readonly string[]): Set<string> {
  return knownKeys(store, GENERATION, 'response_key', keys);
}

/** One finished unit of work in one transaction. Content that is there already stays as it is. */
export function saveAnswers(
  store: Store,
  run: string,
  unit: { readonly generations: readonly GenerationRecord[]; readonly answers: readonly AnswerMapping[] },
): void {
  store.transaction(() => {
    for (const generation of unit.generations) insertGeneration(store, generation);
    for (const answer of unit.answers) insertAnswer(store, { run, ...answer });
  });
}

/** Responses of one sub-model by instruction id, in the order of the set. */
export function readAnswers(store: Store, run: string, { model, exit }: SubModel): Map<string, StoredAnswer> {
  const rows = store.all<AnswerRow>(SELECT_ANSWERS, { run, model, exit });
  return new Map(
    rows.map(({ tokenIds, ...row }) => [row.instructionId, { ...row, tokenIds: JSON.parse(tokenIds) }]),
  );
}

interface AnswerRow extends Omit<StoredAnswer, 'tokenIds'> {
  /** JSON. */
  readonly tokenIds: string;
  readonly stopReason: StopReason;
}

const insertAnswer = inserter(ANSWER, ['response_key']);
const insertResponse = inserter(GENERATION, 'keep');

const SELECT_ANSWERS = `SELECT ${fields('a.model', 'a.exit', 'a.instruction_id', 'a.response_key', 'g.text', 'g.token_ids')},
    ${fields('g.stop_reason', 'g.prompt_tokens', 'g.duration_ms')}
  FROM answer a JOIN generation g USING (response_key) JOIN run_instruction r USING (run, instruction_id)
  WHERE a.run = @run AND a.model = @model AND a.exit = @exit ORDER BY r.position`;

function insertGeneration(store: Store, generation: GenerationRecord): void {
  insertResponse(store, {
    ...generation,
    decodingJson: canonicalJson(generation.decoding),
    tokenIds: JSON.stringify(generation.tokenIds),
  });
  insertTextQuality(store, generation.responseKey, generation.text);
}
