/**
 * Tables of version 2: whether answers look degenerate (`metrics/degenerate.ts`). The first two are content, `run_reference`
 * belongs to a run.
 */
export const QUALITY_TABLES_2 = `
-- Measures of the text alone (metrics/text-quality.ts); NULL: too short to say.
CREATE TABLE text_quality (
  response_key TEXT PRIMARY KEY REFERENCES generation,
  characters INTEGER NOT NULL CHECK (characters >= 0),
  repetition REAL CHECK (repetition BETWEEN 0 AND 1),
  compression REAL CHECK (compression > 0)
) STRICT, WITHOUT ROWID;

-- How likely the sub-model of reference_key finds an answer: nats a token, over its first \`tokens\` tokens.
CREATE TABLE likelihood (
  response_key TEXT NOT NULL REFERENCES generation,
  reference_key TEXT NOT NULL,
  tokens INTEGER NOT NULL CHECK (tokens >= 0),
  mean_log_probability REAL CHECK (mean_log_probability <= 0),
  PRIMARY KEY (response_key, reference_key),
  CHECK ((tokens = 0) = (mean_log_probability IS NULL))
) STRICT, WITHOUT ROWID;

-- The sub-model under which a run's answers were found likely or not.
CREATE TABLE run_reference (
  run TEXT PRIMARY KEY REFERENCES run,
  model TEXT NOT NULL,
  exit INTEGER NOT NULL,
  reference_key TEXT NOT NULL,
  FOREIGN KEY (run, model, exit) REFERENCES sub_model
) STRICT, WITHOUT ROWID;
`;
