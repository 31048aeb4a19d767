/**
 * Responses: `generation` holds what a sub-model wrote to a prompt, `answer` which of it belongs to a run.
 */

import { contentKey } from '../../core/content-key.ts';
import type { Depths, Known, Response, ResponseState, SubModel } from '../../core/domain.ts';
import { canonicalJson, type JsonValue } from '../../core/json.ts';
import type { Answer } from '../../data/answers/answer-of.ts';
import { isIntegers, parseStoredJson } from '../damage/stored-json.ts';
import type { Store } from '../database.ts';
import { GENERATION } from '../schema/content-tables.ts';
import { ANSWER } from '../schema/run-tables.ts';
import { insertDepths } from './depth-table.ts';
import { fields, inserter, knownKeys } from './statements.ts';
import { insertTextQuality } from './text-quality-table.ts';

/** What a response depends on. */
export interface ResponseParts {
  readonly subModelKey: string;
  /** Of the prompt's text as UTF-8; of its pieces where some of it is tokens. */
  readonly promptSha256: string;
  readonly decoding: JsonValue;
}

/** Null: not looked for. */
export interface Noticed {
  readonly thoughtCharacters: number | null;
  readonly echoCharacters: number | null;
}

export interface ResponseRecord
  extends ResponseParts,
    Known,
    Pick<Answer, 'state' | 'text' | 'rawText'>,
    Noticed,
    Depths {
  readonly responseKey: string;
  /** Null: not known. */
  readonly tokenIds: readonly number[] | null;
}

export interface ResponseMapping extends SubModel {
  readonly instructionId: string;
  readonly responseKey: string;
}

/** A response of a run with what a judge's prompt or a KL pass needs. */
export interface StoredResponse extends Response {
  readonly responseKey: string;
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
      const ids = tokenIds === null ? null : parseStoredJson(tokenIds, place, isIntegers);
      return [row.instructionId, { ...row, tokenIds: ids }];
    }),
  );
}

/** A response that is no answer. */
export interface UnansweredRow extends SubModel {
  readonly instructionId: string;
  readonly state: Exclude<ResponseState, 'answered'>;
}

/** By model and exit, in the order of the set. */
export function readUnanswered(store: Store, run: string): UnansweredRow[] {
  return store.all<UnansweredRow>(SELECT_UNANSWERED, { run });
}

interface ResponseColumns extends Omit<StoredResponse, 'tokenIds'> {
  /** JSON. */
  readonly tokenIds: string | null;
}

const insertMapping = inserter(ANSWER, ['response_key']);
const insertContent = inserter(GENERATION, 'keep');

const SELECT_RESPONSES = `SELECT ${fields('a.model', 'a.exit', 'a.instruction_id', 'a.response_key', 'g.state', 'g.text')},
    ${fields('g.token_ids', 'g.stop_reason', 'g.finish_reason', 'g.prompt_tokens', 'g.generated_tokens', 'g.duration_ms')}
  FROM answer a JOIN generation g USING (response_key) JOIN run_instruction r USING (run, instruction_id)
  WHERE a.run = @run AND a.model = @model AND a.exit = @exit ORDER BY r.position`;

const SELECT_UNANSWERED = `SELECT ${fields('a.model', 'a.exit', 'a.instruction_id', 'g.state')}
  FROM answer a JOIN generation g USING (response_key) JOIN run_instruction r USING (run, instruction_id)
  WHERE a.run = @run AND g.state <> 'answered' ORDER BY a.model, a.exit, r.position`;

function saveResponse(store: Store, response: ResponseRecord): void {
  insertContent(store, {
    ...response,
    decodingJson: canonicalJson(response.decoding),
    tokenIds: response.tokenIds && JSON.stringify(response.tokenIds),
  });
  insertDepths(store, response.responseKey, response);
  if (response.text !== null) insertTextQuality(store, response.responseKey, response.text);
}
