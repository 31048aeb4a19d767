/** Reads of one cell, its pairs and one pair of them. */
import type { Order, Preference, ResponseState, SlotVerdict } from '../../core/domain.ts';
import { chosenCells } from '../../store/read/cell-choice.ts';
import { camelCased, defineRead, type Read } from '../../store/read/read.ts';
import type { CellPair } from '../content/pair/pairs.ts';
import { beginningOf, charactersOf } from './whole-text.ts';

export interface CellAddress {
  readonly run: string;
  readonly comparison: string;
  readonly modelA: string;
  readonly modelB: string;
  readonly exitA: number;
  readonly exitB: number;
}

/** One order of one pair. */
export interface VerdictRow {
  readonly order: Order;
  readonly slotVerdict: SlotVerdict;
  readonly preference: Preference;
  /** Null: nothing. */
  readonly rawText: string | null;
  /** What the verdict was read from; null: no answer. */
  readonly parsedText: string | null;
  readonly state: ResponseState;
  readonly stopReason: string | null;
  /** Of the judge; null: the default. */
  readonly protocol: string | null;
  /** Of what the judge was given. */
  readonly promptSha256: string;
  /** How much of the answers did not fit; null: all did. */
  readonly cutTokens: number | null;
  readonly cutCharacters: number | null;
}

/** A response with everything that is stored of it. */
export interface ResponseDetail {
  readonly model: string;
  readonly exit: number;
  readonly instruction: string;
  readonly input: string;
  /** The right answer; null where the set has none. */
  readonly answer: string | null;
  readonly correct: number | null;
  /** Null: no answer. */
  readonly text: string | null;
  /** Null of these: not known. */
  readonly stopReason: string | null;
  readonly generatedTokens: number | null;
  readonly durationMs: number | null;
}

/** In the order of the instruction set; finds `search` in whole texts, ignoring the case of ASCII letters. */
export function cellPairsRead(cell: CellAddress, search: string): Read<CellPair> {
  return defineRead(SELECT_PAIRS, { ...cell, search }, { toRow: toPair });
}

function toPair(stored: Parameters<typeof camelCased>[0]): CellPair {
  const { found, ...pair } = camelCased<Omit<CellPair, 'found'> & { readonly found: number }>(stored);
  return { ...pair, found: found === 1 };
}

/** Order `ab` first; an order that is not judged is missing. */
export function pairVerdictsRead(cell: CellAddress, instructionId: string): Read<VerdictRow> {
  const { where, params } = chosenCells(cell);
  const sql = `${SELECT_VERDICTS}\n${where} AND instruction_id = @instructionId\nORDER BY ord`;
  return defineRead(sql, { ...params, instructionId });
}

/** One instruction's responses at all exits, or that of one sub-model. */
export function responsesRead(
  run: string,
  instructionId: string,
  of?: { readonly model: string; readonly exit: number },
): Read<ResponseDetail> {
  const where = `WHERE run = @run AND instruction_id = @instructionId`;
  if (of === undefined)
    return defineRead(`${SELECT_RESPONSES}\n${where}\nORDER BY model, exit`, { run, instructionId });
  const { model, exit } = of;
  const sql = `${SELECT_RESPONSES}\n${where} AND model = @model AND exit = @exit`;
  return defineRead(sql, { run, instructionId, model, exit });
}

/** Characters of each text that a list shows. */
const EXCERPT = 240;

const SELECT_PAIRS = `SELECT a.instruction_id, a.position, ${beginningOf('a.instruction', EXCERPT)} AS instruction,
  ${beginningOf('a.input', EXCERPT)} AS input,
  ${beginningOf('a.text', EXCERPT)} AS text_a,
  ${beginningOf('b.text', EXCERPT)} AS text_b,
  ${charactersOf('a.text')} AS length_a,
  ${charactersOf('b.text')} AS length_b, a.correct AS correct_a, b.correct AS correct_b, v.ab, v.ba,
  (@search = '' OR instr(lower(a.instruction), lower(@search)) > 0 OR instr(lower(a.input), lower(@search)) > 0
    OR instr(lower(coalesce(a.text, '')), lower(@search)) > 0 OR instr(lower(coalesce(b.text, '')), lower(@search)) > 0) AS found
FROM (SELECT * FROM responses WHERE run = @run AND model = @modelA AND exit = @exitA) a
JOIN (SELECT * FROM responses WHERE run = @run AND model = @modelB AND exit = @exitB) b USING (instruction_id)
LEFT JOIN (
  SELECT instruction_id, max(preference) FILTER (WHERE ord = 'ab') AS ab, max(preference) FILTER (WHERE ord = 'ba') AS ba
  FROM verdicts
  WHERE run = @run AND comparison = @comparison AND exit_a = @exitA AND exit_b = @exitB
  GROUP BY instruction_id
) v USING (instruction_id)
ORDER BY a.position`;

const SELECT_VERDICTS = `SELECT ord AS "order", v.slot_verdict, v.preference, v.raw_text, v.stop_reason, j.state,
  iif(j.state = 'answered', coalesce(j.parsed_text, j.raw_text), NULL) AS parsed_text,
  (SELECT judge_decoding FROM runs WHERE run = @run) ->> '$.protocol' AS protocol, j.prompt_sha256,
  j.decoding_json ->> '$.cutTokens' AS cut_tokens, j.decoding_json ->> '$.cutCharacters' AS cut_characters
FROM verdicts v JOIN judged_pair USING (run, comparison, exit_a, exit_b, instruction_id, ord)
JOIN judgement j USING (judgement_key)`;

const SELECT_RESPONSES = `SELECT model, exit, instruction, input, answer, correct, text, stop_reason, generated_tokens, duration_ms
FROM responses`;
