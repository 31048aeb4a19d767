/**
 * Verdicts: `judgement` holds what a judge wrote to a prompt, `judged_pair` which pairs and orders of a run
 * that settles.
 */

import { contentKey } from '../../core/content-key.ts';
import type {
  Cell,
  CellOutcomes,
  Known,
  Order,
  Outcome,
  ResponseState,
  SlotVerdict,
} from '../../core/domain.ts';
import { canonicalJson, type JsonValue } from '../../core/json.ts';
import type { Store } from '../database.ts';
import { JUDGED_PAIR } from '../schema/comparison-tables.ts';
import { JUDGEMENT } from '../schema/content-tables.ts';
import type { Noticed } from './response-table.ts';
import { fields, inserter, knownKeys } from './statements.ts';

/** What a judgement depends on. Not the parser: another parser reads the same text again. */
export interface JudgementParts {
  readonly judgeKey: string;
  /** Of the prompt's text as UTF-8. */
  readonly promptSha256: string;
  readonly decoding: JsonValue;
}

export interface JudgementRecord extends JudgementParts, Known, Noticed {
  readonly judgementKey: string;
  readonly state: ResponseState;
  /** What the judge generated, prompt not included; null: nothing. */
  readonly rawText: string | null;
  /** What the verdict was read from, if that is another text; null: `rawText`, or nothing. */
  readonly parsedText: string | null;
  readonly slotVerdict: SlotVerdict;
  /** Of the judge's protocol, whose parser read the text. */
  readonly parserVersion: number;
}

/** Many pairs may point at one judgement: equal responses make equal prompts. */
export interface JudgementMapping extends Cell {
  readonly comparison: string;
  readonly instructionId: string;
  readonly order: Order;
  readonly judgementKey: string;
}

export function judgementKey({ judgeKey, promptSha256, decoding }: JudgementParts): string {
  return contentKey('judgement', { judgeKey, promptSha256, decoding });
}

/** Those of `keys` that the judge need not read again. */
export function knownJudgementKeys(store: Store, keys: readonly string[]): Set<string> {
  return knownKeys(store, JUDGEMENT, 'judgement_key', keys);
}

/** What verdicts were read from, by judgement key, `''` where a judge gave no answer; keys that are not stored have no entry. */
export function readJudgeTexts(store: Store, keys: readonly string[]): Map<string, string> {
  const rows = store.all<{ key: string; text: string }>(
    `SELECT judgement_key AS key, coalesce(${PARSED}, '') AS text FROM judgement
     WHERE judgement_key IN (SELECT value FROM json_each(@keys))`,
    { keys: JSON.stringify(keys) },
  );
  return new Map(rows.map(({ key, text }) => [key, text]));
}

/**
 * One finished unit of work in one transaction. Content that is there already stays as it is. `saveJudge`
 * comes first.
 */
export function saveJudgements(
  store: Store,
  run: string,
  unit: { readonly judgements: readonly JudgementRecord[]; readonly pairs: readonly JudgementMapping[] },
): void {
  store.transaction(() => {
    for (const { decoding, ...judgement } of unit.judgements) {
      insertJudgement(store, { ...judgement, decodingJson: canonicalJson(decoding) });
    }
    for (const { order, ...pair } of unit.pairs) insertPair(store, { run, ...pair, ord: order });
  });
}

export interface Reparse {
  /**
   * Name that the judge's decoding has under `protocol`; null for the default protocol, whose judgements name
   * none.
   */
  readonly protocol: string | null;
  readonly parserVersion: number;
  readonly parse: (text: string) => SlotVerdict;
}

/**
 * Parses the stored texts of one protocol again: those of other parser versions, or all. Without this,
 * verdicts of the older parser would stay in use.
 * @returns the number of judgements parsed
 */
export function reparseJudgements(
  store: Store,
  { protocol, parserVersion, parse }: Reparse,
  which: 'outdated' | 'all' = 'outdated',
): number {
  return store.transaction(() => {
    const outdated = store.all<{ key: string; text: string | null }>(
      `SELECT judgement_key AS key, ${PARSED} AS text FROM judgement
       WHERE decoding_json ->> '$.protocol' IS @protocol AND (parser_version <> @parserVersion OR @which = 'all')`,
      { protocol, parserVersion, which },
    );
    for (const { key, text } of outdated) {
      store.run(REPARSE, { key, parserVersion, slotVerdict: text === null ? 'malformed' : parse(text) });
    }
    return outdated.length;
  });
}

/**
 * Takes pairs out of a run of which a response is no answer. An older version judged them with `''` for the missing text;
 * what the judge wrote stays stored.
 */
export function dropUnansweredPairs(store: Store, run: string): void {
  store.run(DROP_UNANSWERED, { run });
}

/** Of the judgements with these keys: those on responses that were truncated to the judge's context. */
export function countCutJudgements(store: Store, keys: readonly string[]): number {
  return store.get<{ cut: number }>(
    `SELECT count(${CUT}) AS cut FROM judgement WHERE judgement_key IN (SELECT value FROM json_each(@keys))`,
    { keys: JSON.stringify(keys) },
  )!.cut;
}

/** Verdicts of a run, and those of them on responses that were truncated to the judge's context. */
export function countCutVerdicts(store: Store, run: string): { readonly cut: number; readonly all: number } {
  return store.get<{ cut: number; all: number }>(
    `SELECT count(${CUT}) AS cut, count(*) AS "all"
     FROM judged_pair p JOIN judgement j USING (judgement_key) WHERE p.run = @run`,
    { run },
  )!;
}

/** Every cell of a comparison that has pairs judged in both orders, by exit a, then exit b. */
export function readOutcomes(store: Store, run: string, comparison: string): CellOutcomes[] {
  const cells: { exitA: number; exitB: number; outcomes: Outcome[] }[] = [];
  for (const { exitA, exitB, ...outcome } of store.all<Cell & Outcome>(SELECT_OUTCOMES, {
    run,
    comparison,
  })) {
    const last = cells.at(-1);
    if (last?.exitA === exitA && last.exitB === exitB) last.outcomes.push(outcome);
    else cells.push({ exitA, exitB, outcomes: [outcome] });
  }
  return cells;
}

/** NULL where the judge read all. */
const CUT = "coalesce(decoding_json ->> '$.cutTokens', decoding_json ->> '$.cutCharacters')";

/** What a verdict is read from; NULL: the judge gave no answer. */
const PARSED = "iif(state = 'answered', coalesce(parsed_text, raw_text), NULL)";

const insertJudgement = inserter(JUDGEMENT, 'keep');
const insertPair = inserter(JUDGED_PAIR, ['judgement_key']);

const DROP_UNANSWERED = `DELETE FROM judged_pair WHERE run = @run AND (comparison, exit_a, exit_b, instruction_id) IN (
    SELECT c.comparison, c.exit_a, c.exit_b, a.instruction_id
    FROM answer a JOIN generation g USING (response_key)
    JOIN cell c ON c.run = a.run AND (a.model, a.exit) IN ((c.model_a, c.exit_a), (c.model_b, c.exit_b))
    WHERE a.run = @run AND g.state <> 'answered')`;

const REPARSE = `UPDATE judgement SET slot_verdict = @slotVerdict, parser_version = @parserVersion
  WHERE judgement_key = @key`;

const SELECT_OUTCOMES = `SELECT ${fields('o.exit_a', 'o.exit_b', 'o.instruction_id', 'o.ab', 'o.ba')}
  FROM pair_outcome o JOIN run_instruction r USING (run, instruction_id)
  WHERE o.run = @run AND o.comparison = @comparison ORDER BY o.exit_a, o.exit_b, r.position`;
