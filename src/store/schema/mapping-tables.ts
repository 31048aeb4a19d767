import { MALFORMED_RULES, MODEL_KINDS, ORDERS, POLICIES } from '../../core/domain.ts';
import { sqlList } from './sql-list.ts';

/**
 * Mapping tables of version 1: which content belongs to which run, and what was made of it. Every key starts with `run`, and
 * the tables are WITHOUT ROWID: the key is the table. Counts are REAL because policies make halves.
 */
export const MAPPING_TABLES_1 = `
CREATE TABLE run (
  run TEXT PRIMARY KEY CHECK (run <> ''),
  config_json TEXT NOT NULL CHECK (json_valid(config_json)),
  config_sha256 TEXT NOT NULL,
  tool_version TEXT NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  -- The policy that the run's own scores go by; all policies are in cell_score. NULL until it was scored.
  policy TEXT CHECK (policy IN ${sqlList(POLICIES)})
) STRICT;

-- Two instruction files may give the same text different answers, so the answer belongs to the run.
CREATE TABLE run_instruction (
  run TEXT NOT NULL REFERENCES run,
  instruction_id TEXT NOT NULL REFERENCES instruction,
  position INTEGER NOT NULL CHECK (position >= 0),
  answer TEXT,
  category TEXT,
  PRIMARY KEY (run, instruction_id),
  UNIQUE (run, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE model (
  run TEXT NOT NULL REFERENCES run,
  model TEXT NOT NULL,
  position INTEGER NOT NULL CHECK (position >= 0),
  kind TEXT NOT NULL CHECK (kind IN ${sqlList(MODEL_KINDS)}),
  layers INTEGER NOT NULL CHECK (layers > 0),
  precision TEXT NOT NULL,
  body_parameters INTEGER NOT NULL,
  embedding_parameters INTEGER NOT NULL,
  head_parameters INTEGER NOT NULL,
  extra_head_parameters INTEGER NOT NULL,
  weight_bytes INTEGER NOT NULL,
  extra_head_bytes INTEGER NOT NULL,
  PRIMARY KEY (run, model),
  UNIQUE (run, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE sub_model (
  run TEXT NOT NULL,
  model TEXT NOT NULL,
  exit INTEGER NOT NULL CHECK (exit > 0),
  sub_model_key TEXT NOT NULL,
  PRIMARY KEY (run, model, exit),
  FOREIGN KEY (run, model) REFERENCES model
) STRICT, WITHOUT ROWID;

CREATE TABLE answer (
  run TEXT NOT NULL,
  model TEXT NOT NULL,
  exit INTEGER NOT NULL,
  instruction_id TEXT NOT NULL,
  response_key TEXT NOT NULL REFERENCES generation,
  PRIMARY KEY (run, model, exit, instruction_id),
  FOREIGN KEY (run, model, exit) REFERENCES sub_model,
  FOREIGN KEY (run, instruction_id) REFERENCES run_instruction
) STRICT, WITHOUT ROWID;

CREATE TABLE comparison (
  run TEXT NOT NULL,
  comparison TEXT NOT NULL,
  position INTEGER NOT NULL CHECK (position >= 0),
  model_a TEXT NOT NULL,
  model_b TEXT NOT NULL,
  PRIMARY KEY (run, comparison),
  UNIQUE (run, position),
  UNIQUE (run, comparison, model_a, model_b),
  FOREIGN KEY (run, model_a) REFERENCES model,
  FOREIGN KEY (run, model_b) REFERENCES model
) STRICT, WITHOUT ROWID;

-- The models stand here once more so that both exits of a cell are exits that exist.
CREATE TABLE cell (
  run TEXT NOT NULL,
  comparison TEXT NOT NULL,
  exit_a INTEGER NOT NULL,
  exit_b INTEGER NOT NULL,
  model_a TEXT NOT NULL,
  model_b TEXT NOT NULL,
  PRIMARY KEY (run, comparison, exit_a, exit_b),
  FOREIGN KEY (run, comparison, model_a, model_b) REFERENCES comparison (run, comparison, model_a, model_b),
  FOREIGN KEY (run, model_a, exit_a) REFERENCES sub_model,
  FOREIGN KEY (run, model_b, exit_b) REFERENCES sub_model
) STRICT, WITHOUT ROWID;

CREATE TABLE judge (
  run TEXT PRIMARY KEY REFERENCES run,
  judge TEXT NOT NULL,
  judge_key TEXT NOT NULL,
  decoding_json TEXT NOT NULL CHECK (json_valid(decoding_json)),
  deviations_json TEXT NOT NULL CHECK (json_type(deviations_json) = 'array')
) STRICT, WITHOUT ROWID;

CREATE TABLE judged_pair (
  run TEXT NOT NULL REFERENCES judge,
  comparison TEXT NOT NULL,
  exit_a INTEGER NOT NULL,
  exit_b INTEGER NOT NULL,
  instruction_id TEXT NOT NULL,
  ord TEXT NOT NULL CHECK (ord IN ${sqlList(ORDERS)}),
  judgement_key TEXT NOT NULL REFERENCES judgement,
  PRIMARY KEY (run, comparison, exit_a, exit_b, instruction_id, ord),
  FOREIGN KEY (run, comparison, exit_a, exit_b) REFERENCES cell,
  FOREIGN KEY (run, instruction_id) REFERENCES run_instruction
) STRICT, WITHOUT ROWID;

CREATE TABLE kl_curve (
  run TEXT NOT NULL,
  curve TEXT NOT NULL,
  model TEXT NOT NULL,
  exit INTEGER NOT NULL,
  reference_model TEXT NOT NULL,
  reference_exit INTEGER NOT NULL,
  instruction_id TEXT NOT NULL,
  kl_key TEXT NOT NULL REFERENCES kl,
  PRIMARY KEY (run, curve, model, exit, reference_model, reference_exit, instruction_id),
  FOREIGN KEY (run, model, exit) REFERENCES sub_model,
  FOREIGN KEY (run, reference_model, reference_exit) REFERENCES sub_model,
  FOREIGN KEY (run, instruction_id) REFERENCES run_instruction
) STRICT, WITHOUT ROWID;

CREATE TABLE speed (
  run TEXT NOT NULL,
  model TEXT NOT NULL,
  exit INTEGER NOT NULL,
  batch_size INTEGER NOT NULL CHECK (batch_size > 0),
  tokens INTEGER NOT NULL CHECK (tokens > 0),
  duration_ms REAL NOT NULL CHECK (duration_ms > 0),
  PRIMARY KEY (run, model, exit, batch_size),
  FOREIGN KEY (run, model, exit) REFERENCES sub_model
) STRICT, WITHOUT ROWID;

CREATE TABLE cell_score (
  run TEXT NOT NULL,
  comparison TEXT NOT NULL,
  exit_a INTEGER NOT NULL,
  exit_b INTEGER NOT NULL,
  policy TEXT NOT NULL CHECK (policy IN ${sqlList(POLICIES)}),
  malformed_rule TEXT NOT NULL CHECK (malformed_rule IN ${sqlList(MALFORMED_RULES)}),
  wins REAL NOT NULL CHECK (wins >= 0),
  losses REAL NOT NULL CHECK (losses >= 0),
  ties REAL NOT NULL CHECK (ties >= 0),
  malformed REAL NOT NULL CHECK (malformed >= 0),
  total REAL NOT NULL CHECK (total > 0),
  score REAL NOT NULL CHECK (score BETWEEN -1 AND 1),
  ci_low REAL,
  ci_high REAL,
  p_value REAL,
  p_holm REAL,
  PRIMARY KEY (run, comparison, exit_a, exit_b, policy, malformed_rule),
  FOREIGN KEY (run, comparison, exit_a, exit_b) REFERENCES cell
) STRICT, WITHOUT ROWID;

CREATE TABLE run_check (
  run TEXT NOT NULL REFERENCES run,
  check_name TEXT NOT NULL,
  passed INTEGER NOT NULL CHECK (passed IN (0, 1)),
  detail TEXT NOT NULL,
  PRIMARY KEY (run, check_name)
) STRICT, WITHOUT ROWID;
`;

/**
 * Mapping tables of all versions, children before the tables they refer to, so that rows can be deleted in this order. `run` itself is
 * not in it: its row outlives a change of configuration.
 */
export const MAPPING_TABLES = [
  'run_check',
  'cell_score',
  'speed',
  'kl_curve',
  'run_reference',
  'judged_pair',
  'judge',
  'cell',
  'comparison',
  'answer',
  'sub_model',
  'model',
  'run_instruction',
] as const;

/** What depends on the judge alone: to be deleted when a run gets another judge. */
export const JUDGED_TABLES = ['run_check', 'cell_score', 'judged_pair', 'judge'] as const;
