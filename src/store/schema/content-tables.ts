import { AGREEMENT_RULES, SLOT_VERDICTS, STOP_REASONS } from '../../core/domain.ts';
import { sqlList } from './sql-list.ts';

/**
 * Content tables of version 1: what was computed, keyed by a content key, shared by all runs, never changed by a run.
 * Durations are wall time.
 */
export const CONTENT_TABLES_1 = `
CREATE TABLE instruction (
  instruction_id TEXT PRIMARY KEY,
  instruction TEXT NOT NULL,
  input TEXT NOT NULL
) STRICT;

CREATE TABLE generation (
  response_key TEXT PRIMARY KEY,
  sub_model_key TEXT NOT NULL,
  prompt_sha256 TEXT NOT NULL,
  decoding_json TEXT NOT NULL CHECK (json_valid(decoding_json)),
  text TEXT NOT NULL,
  token_ids TEXT NOT NULL CHECK (json_type(token_ids) = 'array'),
  stop_reason TEXT NOT NULL CHECK (stop_reason IN ${sqlList(STOP_REASONS)}),
  prompt_tokens INTEGER NOT NULL CHECK (prompt_tokens >= 0),
  duration_ms REAL NOT NULL CHECK (duration_ms >= 0)
) STRICT;

CREATE TABLE judgement (
  judgement_key TEXT PRIMARY KEY,
  judge_key TEXT NOT NULL,
  prompt_sha256 TEXT NOT NULL,
  decoding_json TEXT NOT NULL CHECK (json_valid(decoding_json)),
  raw_text TEXT NOT NULL,
  slot_verdict TEXT NOT NULL CHECK (slot_verdict IN ${sqlList(SLOT_VERDICTS)}),
  parser_version INTEGER NOT NULL CHECK (parser_version > 0),
  stop_reason TEXT NOT NULL CHECK (stop_reason IN ${sqlList(STOP_REASONS)}),
  prompt_tokens INTEGER NOT NULL CHECK (prompt_tokens >= 0),
  generated_tokens INTEGER NOT NULL CHECK (generated_tokens >= 0),
  duration_ms REAL NOT NULL CHECK (duration_ms >= 0)
) STRICT;

-- KL between two sub-models along the answer of response_key. settings_json: direction, path, what else was chosen.
CREATE TABLE kl (
  kl_key TEXT PRIMARY KEY,
  sub_model_key TEXT NOT NULL,
  reference_key TEXT NOT NULL,
  response_key TEXT NOT NULL REFERENCES generation,
  settings_json TEXT NOT NULL CHECK (json_valid(settings_json))
) STRICT, WITHOUT ROWID;

CREATE TABLE kl_value (
  kl_key TEXT NOT NULL REFERENCES kl,
  position INTEGER NOT NULL CHECK (position >= 0),
  kl_nats REAL NOT NULL,
  PRIMARY KEY (kl_key, position)
) STRICT, WITHOUT ROWID;

-- A judge against people: of a judge and its settings, not of a run.
CREATE TABLE human_agreement_result (
  judge_key TEXT NOT NULL,
  decoding_json TEXT NOT NULL CHECK (json_valid(decoding_json)),
  labels_sha256 TEXT NOT NULL,
  malformed_rule TEXT NOT NULL CHECK (malformed_rule IN ${sqlList(AGREEMENT_RULES)}),
  -- Name of the labels' file, for people.
  labels TEXT NOT NULL,
  pairs INTEGER NOT NULL CHECK (pairs > 0),
  accuracy REAL NOT NULL,
  accuracy_low REAL NOT NULL,
  accuracy_high REAL NOT NULL,
  macro_f1 REAL NOT NULL,
  kappa REAL,
  PRIMARY KEY (judge_key, decoding_json, labels_sha256, malformed_rule)
) STRICT, WITHOUT ROWID;
`;
