/**
 * Responses: `generation` holds what a sub-model wrote to a prompt, `answer` which of it belongs to a run.
 */

import { contentKey } from '../../core/content-key.ts';
import type { Generation, Response, StopReason, SubModel } from '../../core/domain.ts';
import { canonicalJson, type JsonValue } from '../../core/json.ts';
import type { Store } from '../database.ts';
import { GENERATION } from '../schema/content-tables.ts';
import { ANSWER } from '../schema/run-tables.ts';
import { isIntegers, parseStoredJson } from '../stored-json.ts';
import { fields, inserter, knownKeys } from './statements.ts';
import { insertTextQuality } from './text-quality-table.ts';

/** What a response depends on. */
export interface ResponseParts {
  readonly subModelKey: string;
  /** Of the prompt's text as UTF-8; of its pieces where some of it is tokens. */
  readonly promptSha256: string;
  readonly decoding: JsonValue;
}

export interface ResponseRecord extends ResponseParts, Generation {
  readonly responseKey: string;
  readonly text: string;
  readonly promptTokens: number;
}

export interface ResponseMapping extends SubModel {
  readonly instructionId: string;
  readonly responseKey: string;
}

/** A response of a run with what a judge's prompt or a KL pass needs. */
export interface StoredResponse extends Response {
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
export function saveResponses(
  store: Store,
  run: string,
  unit: { readonly responses: readonly ResponseRecord[]; readonly mappings: readonly ResponseMapping[] },
): void {
  store.transaction(() => {
    for (const response of unit.responses) saveResponse(store, response);
    for (const mapping of unit.mappings) insertMapping(store, { run, ...mapping });
  });
}

/** Responses of one sub-model by instruction id, in the order of the set. */
export function readResponses(
  store: Store,
  run: string,
  { model, exit }: SubModel,
): Map<string, StoredResponse> {
  const rows = store.all<ResponseColumns>(SELECT_RESPONSES, { run, model, exit });
  return new Map(
    rows.map(({ tokenIds, ...row }) => {
      const place = { table: GENERATION.name, column: 'token_ids', key: row.responseKey };
      return [row.instructionId, { ...row, tokenIds: parseStoredJson(tokenIds, place, isIntegers) }];
    }),
  );
}

interface ResponseColumns extends Omit<StoredResponse, 'tokenIds'> {
  /** JSON. */
  readonly tokenIds: string;
  readonly stopReason: StopReason;
}

const insertMapping = inserter(ANSWER, ['response_key']);
const insertContent = inserter(GENERATION, 'keep');

const SELECT_RESPONSES = `SELECT ${fields('a.model', 'a.exit', 'a.instruction_id', 'a.response_key', 'g.text', 'g.token_ids')},
    ${fields('g.stop_reason', 'g.prompt_tokens', 'g.duration_ms')}
  FROM answer a JOIN generation g USING (response_key) JOIN run_instruction r USING (run, instruction_id)
  WHERE a.run = @run AND a.model = @model AND a.exit = @exit ORDER BY r.position`;

function saveResponse(store: Store, response: ResponseRecord): void {
  insertContent(store, {
    ...response,
    decodingJson: canonicalJson(response.decoding),
    tokenIds: JSON.stringify(response.tokenIds),
  });
  insertTextQuality(store, response.responseKey, response.text);
}
