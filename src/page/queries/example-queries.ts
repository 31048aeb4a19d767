/** SQL for what people look up first. */
import { literalSql } from '../../store/read/read.ts';

export function exampleQueries(run: string): readonly (readonly [title: string, sql: string])[] {
  return EXAMPLES.map(([title, sql]) => [title, literalSql({ sql, params: { run } })]);
}

const EXAMPLES: readonly (readonly [title: string, sql: string])[] = [
  [
    'Best exits',
    'SELECT comparison, model_a, exit_a, model_b, exit_b, score, p_holm\nFROM scores\nWHERE run = @run\nORDER BY score DESC\nLIMIT 20',
  ],
  [
    'Position bias by cell',
    'SELECT comparison, exit_a, exit_b, flip_rate, first_slot_share\nFROM position_bias\nWHERE run = @run\nORDER BY flip_rate DESC\nLIMIT 20',
  ],
  [
    'Share of verdicts for the longer answer by cell',
    'SELECT comparison, exit_a, exit_b, longer_share, longer + shorter AS verdicts, equal\nFROM length_bias\nWHERE run = @run\nORDER BY longer_share DESC\nLIMIT 20',
  ],
  [
    'Malformed verdicts',
    "SELECT comparison, exit_a, exit_b, instruction_id, ord, raw_text\nFROM verdicts\nWHERE run = @run AND slot_verdict = 'malformed'\nLIMIT 50",
  ],
  [
    'Quality by exit',
    'SELECT model, exit, "right", total, exact_match\nFROM quality\nWHERE run = @run\nORDER BY model, exit',
  ],
  [
    'Longest answers',
    'SELECT model, exit, instruction_id, generated_tokens, stop_reason, text\nFROM responses\nWHERE run = @run\nORDER BY generated_tokens DESC\nLIMIT 20',
  ],
];
