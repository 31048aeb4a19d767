/** Answers: `generation` holds what a sub-model said to a prompt, `answer` which of it belongs to a run. */

import { contentKey } from '../../core/content-key.ts';
import type { Generation, Response, StopReason, SubModel } from '../../core/domain.ts';
import { canonicalJson, type JsonValue } from '../../core/json.ts';
import type { Store } from '../database.ts';
import { insertTextQuality } from './text-quality-table.ts';

/** What an answer depends on. */
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

/** An answer of a run with what a judge's prompt or a KL pass needs to know. */
export interface StoredAnswer extends Response {
  readonly responseKey: string;
  readonly promptTokens: number;
}

export function responseKey({ subModelKey, promptSha256, decoding }: ResponseParts): string {
  return contentKey('response', { subModelKey, promptSha256, decoding });
}

/** Those of `keys` that need not be computed again. */
export function knownResponseKeys(store: Store, keys: readonly string[]): Set<string> {
  const rows = store.all<{ key: string }>(
    'SELECT response_key AS key FROM generation WHERE response_key IN (SELECT value FROM json_each(@keys))',
    { keys: JSON.stringify(keys) },
  );
  return new Set(rows.map(({ key }) => key));
}

/** One finished unit of work in one transaction. Content that is there already stays as it is. */
export function saveAnswers(
  store: Store,
  run: string,
  unit: { readonly generations: readonly GenerationRecord[]; readonly answers: readonly AnswerMapping[] },
): void {
  store.transaction(() => {
    for (const generation of unit.generations) insertGeneration(store, generation);
    for (const answer of unit.answers) store.run(UPSERT_ANSWER, { run, ...answer });
  });
}

/** Answers of one sub-model by instruction id, in the order of the set. */
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

const INSERT_GENERATION = `INSERT INTO generation VALUES (@responseKey, @subModelKey, @promptSha256, @decoding, @text,
  @tokenIds, @stopReason, @promptTokens, @durationMs) ON CONFLICT DO NOTHING`;

const UPSERT_ANSWER = `INSERT INTO answer VALUES (@run, @model, @exit, @instructionId, @responseKey)
  ON CONFLICT DO UPDATE SET response_key = excluded.response_key`;

const SELECT_ANSWERS = `SELECT a.model, a.exit, a.instruction_id AS instructionId, a.response_key AS responseKey, g.text,
  g.token_ids AS tokenIds, g.stop_reason AS stopReason, g.prompt_tokens AS promptTokens, g.duration_ms AS durationMs
  FROM answer a JOIN generation g USING (response_key) JOIN run_instruction r USING (run, instruction_id)
  WHERE a.run = @run AND a.model = @model AND a.exit = @exit ORDER BY r.position`;

function insertGeneration(store: Store, generation: GenerationRecord): void {
  store.run(INSERT_GENERATION, {
    responseKey: generation.responseKey,
    subModelKey: generation.subModelKey,
    promptSha256: generation.promptSha256,
    decoding: canonicalJson(generation.decoding),
    text: generation.text,
    tokenIds: JSON.stringify(generation.tokenIds),
    stopReason: generation.stopReason,
    promptTokens: generation.promptTokens,
    durationMs: generation.durationMs,
  });
  insertTextQuality(store, generation.responseKey, generation.text);
}
