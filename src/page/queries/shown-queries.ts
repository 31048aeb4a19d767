/** The documented queries behind the page's figures, as they can be given to `sorted-eval query --sql` too. */

/** A text as SQL writes it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const cellColumns =
  'exit_a, exit_b, score, ci_low, ci_high, p_value, p_holm, wins, losses, ties, malformed, total';

export const scoresQuery = (run: string, comparison: string, policy: string) =>
  `SELECT ${cellColumns}\nFROM scores_by_policy\nWHERE run = ${quote(run)} AND comparison = ${quote(comparison)} AND policy = ${quote(policy)}\nORDER BY exit_a, exit_b`;

export const klQuery = (run: string) =>
  `SELECT curve, exit, position, mean_kl_nats, instructions\nFROM kl_curves\nWHERE run = ${quote(run)}\nORDER BY curve, exit, position`;

export const qualitySpeedQuery = (run: string, batchSize: number | null) =>
  `SELECT model, exit, exact_match, tokens_per_second\nFROM exit_speed LEFT JOIN quality USING (run, model, exit)\nWHERE run = ${quote(run)} AND batch_size = ${batchSize ?? 1}\nORDER BY model, exit`;

export const memoryQuery = (run: string) =>
  `SELECT model, kind, layers, exits, precision, body_parameters, embedding_parameters, head_parameters,\n  extra_head_parameters, weight_bytes, extra_head_bytes\nFROM models\nWHERE run = ${quote(run)}\nORDER BY position`;

export const cellQuery = (run: string, comparison: string, exitA: number, exitB: number) =>
  `SELECT instruction_id, ord, preference, slot_verdict, raw_text\nFROM verdicts\nWHERE run = ${quote(run)} AND comparison = ${quote(comparison)} AND exit_a = ${exitA} AND exit_b = ${exitB}\nORDER BY instruction_id, ord`;

export const instructionQuery = (run: string, id: string) =>
  `SELECT model, exit, correct, text, stop_reason, generated_tokens, duration_ms\nFROM responses\nWHERE run = ${quote(run)} AND instruction_id = ${quote(id)}\nORDER BY model, exit`;

export const agreementQuery = (run: string) => `SELECT * FROM judge_agreement\nWHERE run = ${quote(run)}`;

/** Things that people ask first; `run` is put in. */
export const examples = (run: string): readonly (readonly [title: string, sql: string])[] => [
  [
    'Best exits',
    `SELECT comparison, model_a, exit_a, model_b, exit_b, score, p_holm\nFROM scores\nWHERE run = ${quote(run)}\nORDER BY score DESC\nLIMIT 20`,
  ],
  [
    'Position bias by cell',
    `SELECT comparison, exit_a, exit_b, flip_rate, first_slot_share\nFROM position_bias\nWHERE run = ${quote(run)}\nORDER BY flip_rate DESC\nLIMIT 20`,
  ],
  [
    'Malformed verdicts',
    `SELECT comparison, exit_a, exit_b, instruction_id, ord, raw_text\nFROM verdicts\nWHERE run = ${quote(run)} AND slot_verdict = 'malformed'\nLIMIT 50`,
  ],
  [
    'Quality by exit',
    `SELECT model, exit, "right", total, exact_match\nFROM quality\nWHERE run = ${quote(run)}\nORDER BY model, exit`,
  ],
  [
    'Longest answers',
    `SELECT model, exit, instruction_id, generated_tokens, stop_reason, text\nFROM responses\nWHERE run = ${quote(run)}\nORDER BY generated_tokens DESC\nLIMIT 20`,
  ],
];
