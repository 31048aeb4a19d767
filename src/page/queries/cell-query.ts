/** Reads of one cell, its pairs and one pair of them. */
import type { Order, Preference, SlotVerdict } from '../../core/domain.ts';
import { chosenCells } from '../../store/read/cell-choice.ts';
import { camelCased, defineRead, type Read } from '../../store/read/read.ts';
import type { CellPair } from '../content/pairs.ts';

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
  readonly rawText: string;
  readonly stopReason: string;
  /** Of the judge; null: the default. */
  readonly protocol: string | null;
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
  readonly text: string;
  readonly stopReason: string;
  readonly generatedTokens: number;
  readonly durationMs: number;
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

const SELECT_PAIRS = `SELECT a.instruction_id, a.position, substr(a.instruction, 1, ${EXCERPT}) AS instruction,
  substr(a.input, 1, ${EXCERPT}) AS input, substr(a.text, 1, ${EXCERPT}) AS text_a, substr(b.text, 1, ${EXCERPT}) AS text_b,
  length(a.text) AS length_a, length(b.text) AS length_b, a.correct AS correct_a, b.correct AS correct_b, v.ab, v.ba,
  (@search = '' OR instr(lower(a.instruction), lower(@search)) > 0 OR instr(lower(a.input), lower(@search)) > 0
    OR instr(lower(a.text), lower(@search)) > 0 OR instr(lower(b.text), lower(@search)) > 0) AS found
FROM (SELECT * FROM responses WHERE run = @run AND model = @modelA AND exit = @exitA) a
JOIN (SELECT * FROM responses WHERE run = @run AND model = @modelB AND exit = @exitB) b USING (instruction_id)
LEFT JOIN (
  SELECT instruction_id, max(preference) FILTER (WHERE ord = 'ab') AS ab, max(preference) FILTER (WHERE ord = 'ba') AS ba
  FROM verdicts
  WHERE run = @run AND comparison = @comparison AND exit_a = @exitA AND exit_b = @exitB
  GROUP BY instruction_id
) v USING (instruction_id)
ORDER BY a.position`;

const SELECT_VERDICTS = `SELECT ord AS "order", slot_verdict, preference, raw_text, stop_reason,
  (SELECT judge_decoding FROM runs WHERE run = @run) ->> '$.protocol' AS protocol
FROM verdicts`;

const SELECT_RESPONSES = `SELECT model, exit, instruction, input, answer, correct, text, stop_reason, generated_tokens, duration_ms
FROM responses`;
