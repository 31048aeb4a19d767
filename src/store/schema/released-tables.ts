/**
 * Tables as version 1 had them, where they are others today (`content-tables.ts`, `run-tables.ts`). Their SQL is
 * part of a released step and never changes; what their columns mean stands with the tables of today.
 */
import { MODEL_KINDS, SLOT_VERDICTS, STOP_REASONS } from '../../core/domain.ts';
import { sqlList } from './sql-list.ts';
import { table } from './table-type.ts';

const NOT_NULL_COUNT = (name: string) => `INTEGER NOT NULL CHECK (${name} >= 0)` as const;
const JSON_TEXT = 'TEXT NOT NULL CHECK (json_valid(decoding_json))';
const STOP_REASON = `TEXT NOT NULL CHECK (stop_reason IN ${sqlList(STOP_REASONS)})`;
const DURATION = 'REAL NOT NULL CHECK (duration_ms >= 0)';

/** Columns with their SQL alone. */
function released(
  name: string,
  columns: Readonly<Record<string, string>>,
  constraints: readonly string[] = [],
) {
  const undocumented = Object.entries(columns).map(([column, sql]) => [column, [sql, ''] as const] as const);
  return { name, description: '', columns: Object.fromEntries(undocumented), constraints } as const;
}

export const GENERATION_1 = table({
  ...released('generation', {
    response_key: 'TEXT PRIMARY KEY',
    sub_model_key: 'TEXT NOT NULL',
    prompt_sha256: 'TEXT NOT NULL',
    decoding_json: JSON_TEXT,
    text: 'TEXT NOT NULL',
    token_ids: "TEXT NOT NULL CHECK (json_type(token_ids) = 'array')",
    stop_reason: STOP_REASON,
    prompt_tokens: NOT_NULL_COUNT('prompt_tokens'),
    duration_ms: DURATION,
  }),
  options: 'STRICT',
});

export const JUDGEMENT_1 = table({
  ...released('judgement', {
    judgement_key: 'TEXT PRIMARY KEY',
    judge_key: 'TEXT NOT NULL',
    prompt_sha256: 'TEXT NOT NULL',
    decoding_json: JSON_TEXT,
    raw_text: 'TEXT NOT NULL',
    slot_verdict: `TEXT NOT NULL CHECK (slot_verdict IN ${sqlList(SLOT_VERDICTS)})`,
    parser_version: 'INTEGER NOT NULL CHECK (parser_version > 0)',
    stop_reason: STOP_REASON,
    prompt_tokens: NOT_NULL_COUNT('prompt_tokens'),
    generated_tokens: NOT_NULL_COUNT('generated_tokens'),
    duration_ms: DURATION,
  }),
  options: 'STRICT',
});

export const MODEL_1 = table({
  ...released(
    'model',
    {
      run: 'TEXT NOT NULL REFERENCES run',
      model: 'TEXT NOT NULL',
      position: 'INTEGER NOT NULL CHECK (position >= 0)',
      kind: `TEXT NOT NULL CHECK (kind IN ${sqlList(MODEL_KINDS)})`,
      layers: 'INTEGER NOT NULL CHECK (layers > 0)',
      precision: 'TEXT NOT NULL',
      body_parameters: 'INTEGER NOT NULL',
      embedding_parameters: 'INTEGER NOT NULL',
      head_parameters: 'INTEGER NOT NULL',
      extra_head_parameters: 'INTEGER NOT NULL',
      weight_bytes: 'INTEGER NOT NULL',
      extra_head_bytes: 'INTEGER NOT NULL',
    },
    ['PRIMARY KEY (run, model)', 'UNIQUE (run, position)'],
  ),
  options: 'STRICT, WITHOUT ROWID',
});
