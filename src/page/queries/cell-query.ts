/** Questions about one cell, its pairs and one pair of them. */
import type { Order, Preference, SlotVerdict } from '../../core/domain.ts';
import type { Reader } from '../../store/database.ts';
import type { CellPair } from '../pairs.ts';

export interface CellAddress {
  readonly run: string;
  readonly comparison: string;
  readonly modelA: string;
  readonly modelB: string;
  readonly exitA: number;
  readonly exitB: number;
}

/** Characters of each text that a list shows. */
const EXCERPT = 240;

/** In the order of the instruction set; `search` is looked for in whole texts, whatever the case of ASCII letters. */
export function readCellPairs(store: Reader, cell: CellAddress, search: string): CellPair[] {
  const { run, modelA, exitA, modelB, exitB } = cell;
  const a = answersById(store, { run, model: modelA, exit: exitA, search });
  const b = answersById(store, { run, model: modelB, exit: exitB, search });
  const verdicts = preferencesById(store, cell);
  return [...a.values()].flatMap((own) => {
    const other = b.get(own.instructionId);
    return other === undefined ? [] : [toPair(own, other, verdicts.get(own.instructionId) ?? {})];
  });
}

interface AnswerRow {
  readonly instructionId: string;
  readonly position: number;
  readonly instruction: string;
  readonly input: string;
  readonly text: string;
  readonly length: number;
  readonly correct: number | null;
  readonly found: number;
}

function answersById(
  store: Reader,
  params: { run: string; model: string; exit: number; search: string },
): Map<string, AnswerRow> {
  const rows = store.all<AnswerRow>(SELECT_ANSWERS, params);
  return new Map(rows.map((row) => [row.instructionId, row]));
}

function preferencesById(store: Reader, { run, comparison, exitA, exitB }: CellAddress) {
  const found = new Map<string, Partial<Record<Order, Preference>>>();
  const rows = store.all<{ instructionId: string; ord: Order; preference: Preference }>(SELECT_PREFERENCES, {
    ...{ run, comparison, exitA, exitB },
  });
  for (const { instructionId, ord, preference } of rows)
    found.set(instructionId, { ...found.get(instructionId), [ord]: preference });
  return found;
}

function toPair(a: AnswerRow, b: AnswerRow, { ab, ba }: Partial<Record<Order, Preference>>): CellPair {
  const { instructionId, position, instruction, input } = a;
  return {
    ...{ instructionId, position, instruction, input },
    ...{ textA: a.text, textB: b.text, lengthA: a.length, lengthB: b.length },
    ...{ correctA: a.correct, correctB: b.correct, ab: ab ?? null, ba: ba ?? null },
    found: a.found + b.found > 0,
  };
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

/** Order `ab` first; an order that is not judged is missing. */
export function readPairVerdicts(store: Reader, cell: CellAddress, instructionId: string): VerdictRow[] {
  const { run, comparison, exitA, exitB } = cell;
  return store.all<VerdictRow>(SELECT_VERDICTS, { run, comparison, exitA, exitB, instructionId });
}

/** An answer with everything that is known of it. */
export interface AnswerDetail {
  readonly model: string;
  readonly exit: number;
  readonly instruction: string;
  readonly input: string;
  readonly answer: string | null;
  readonly correct: number | null;
  readonly text: string;
  readonly stopReason: string;
  readonly tokens: number;
  readonly durationMs: number;
}

/** One instruction's answers of all exits, or of one sub-model. */
export function readAnswers(
  store: Reader,
  run: string,
  instructionId: string,
  of?: { readonly model: string; readonly exit: number },
): AnswerDetail[] {
  const { model = null, exit = null } = of ?? {};
  return store.all<AnswerDetail>(SELECT_DETAILS, { run, instructionId, model, exit });
}

const FOUND = `(@search = '' OR instr(lower(instruction), lower(@search)) > 0 OR instr(lower(input), lower(@search)) > 0
  OR instr(lower(text), lower(@search)) > 0)`;

const SELECT_ANSWERS = `SELECT instruction_id AS instructionId, position, substr(instruction, 1, ${EXCERPT}) AS instruction,
  substr(input, 1, ${EXCERPT}) AS input, substr(text, 1, ${EXCERPT}) AS text, length(text) AS length, correct,
  ${FOUND} AS found FROM responses WHERE run = @run AND model = @model AND exit = @exit ORDER BY position`;

const IN_CELL = 'run = @run AND comparison = @comparison AND exit_a = @exitA AND exit_b = @exitB';

const SELECT_PREFERENCES = `SELECT instruction_id AS instructionId, ord, preference FROM verdicts WHERE ${IN_CELL}`;

const SELECT_VERDICTS = `SELECT ord AS "order", slot_verdict AS slotVerdict, preference, raw_text AS rawText,
  stop_reason AS stopReason, (SELECT judge_decoding FROM runs WHERE run = @run) ->> '$.protocol' AS protocol
  FROM verdicts WHERE ${IN_CELL} AND instruction_id = @instructionId ORDER BY ord`;

const SELECT_DETAILS = `SELECT model, exit, instruction, input, answer, correct, text, stop_reason AS stopReason,
  generated_tokens AS tokens, duration_ms AS durationMs FROM responses
  WHERE run = @run AND instruction_id = @instructionId AND (@model IS NULL OR model = @model)
    AND (@exit IS NULL OR exit = @exit) ORDER BY model, exit`;
