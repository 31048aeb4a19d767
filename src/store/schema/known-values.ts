/**
 * Values of changed columns for the rows of schema 3, as SQL: what is not known is NULL and no longer 0, and what became of a
 * prompt stands beside the response. Rows that were computed here keep what they have.
 */
import type { ColumnValues } from './table-type.ts';

const IS_FOREIGN = "coalesce(decoding_json ->> '$.strategy' IN ('http', 'recorded'), 0)";
const IS_RECORDED = "decoding_json ->> '$.strategy' IS 'recorded'";
/** A prompt that leaves no room gave no token. */
const IS_TOO_LONG = `(stop_reason = 'context-end' AND token_ids = '[]' AND NOT ${IS_FOREIGN})`;
/** `identical: tie` asked nobody. */
const IS_NOT_ASKED =
  "(decoding_json ->> '$.identical' IS 'tie' AND prompt_tokens = 0 AND generated_tokens = 0)";

/** A closing mark of thoughts, or an opening one. */
export const MAY_HAVE_THOUGHTS = "(text LIKE '%think%>%' OR text LIKE '%[/THINK]%' OR text LIKE '%[THINK]%')";

const nullIf = (condition: string, value: string) => `iif(${condition}, NULL, ${value})`;
/** A count of a server: 0 stood for none. */
const counted = (count: string) => `iif(${IS_FOREIGN}, nullif(${count}, 0), ${count})`;

export const KNOWN_GENERATION: ColumnValues = {
  state: `iif(${IS_TOO_LONG}, 'prompt_too_long', 'answered')`,
  text: nullIf(IS_TOO_LONG, 'text'),
  token_ids: nullIf(IS_FOREIGN, 'token_ids'),
  stop_reason: nullIf(IS_RECORDED, 'stop_reason'),
  prompt_tokens: counted('prompt_tokens'),
  generated_tokens: nullIf(IS_FOREIGN, 'json_array_length(token_ids)'),
  duration_ms: nullIf(IS_RECORDED, 'duration_ms'),
  // Those that may have thoughts are read one by one.
  thought_characters: `iif(${MAY_HAVE_THOUGHTS}, NULL, 0)`,
};

/** A judge in this process had no room for its prompt. */
const IS_UNJUDGED = `(stop_reason = 'context-end' AND generated_tokens = 0 AND raw_text = '' AND NOT ${IS_FOREIGN})`;
const IS_UNTIMED = `(${IS_RECORDED} OR ${IS_NOT_ASKED})`;

export const KNOWN_JUDGEMENT: ColumnValues = {
  state: `iif(${IS_UNJUDGED}, 'prompt_too_long', 'answered')`,
  raw_text: nullIf(IS_UNJUDGED, 'raw_text'),
  stop_reason: nullIf(IS_UNTIMED, 'stop_reason'),
  prompt_tokens: nullIf(IS_NOT_ASKED, counted('prompt_tokens')),
  generated_tokens: nullIf(IS_NOT_ASKED, counted('generated_tokens')),
  duration_ms: nullIf(IS_UNTIMED, 'duration_ms'),
};

const SIZES = [
  ...['body_parameters', 'embedding_parameters', 'head_parameters', 'extra_head_parameters'],
  ...['weight_bytes', 'extra_head_bytes'],
];

export const KNOWN_MODEL: ColumnValues = Object.fromEntries(
  SIZES.map((column) => [column, nullIf("precision = 'unknown'", column)]),
);
