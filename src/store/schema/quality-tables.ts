/**
 * Tables of version 2: whether responses look degenerate (`metrics/degeneration.ts`). The first two are
 * content, `run_reference` belongs to a run.
 */
import { MEANING } from './column-meanings.ts';
import { table } from './table-type.ts';

export const TEXT_QUALITY = table({
  name: 'text_quality',
  description: 'Measures of the text of a response alone.',
  comment: 'Measures of the text alone (metrics/text-quality.ts); NULL: too short to say.',
  columns: {
    response_key: ['TEXT PRIMARY KEY REFERENCES generation', 'content key of the response'],
    characters: ['INTEGER NOT NULL CHECK (characters >= 0)', MEANING.characters],
    repetition: ['REAL CHECK (repetition BETWEEN 0 AND 1)', ...MEANING.repetition],
    compression: ['REAL CHECK (compression > 0)', ...MEANING.compression],
  },
  options: 'STRICT, WITHOUT ROWID',
});

export const LIKELIHOOD = table({
  name: 'likelihood',
  description: 'Loglikelihood of a response under a scorer model.',
  comment:
    'How likely the sub-model of reference_key finds an answer: nats a token, over its first `tokens` tokens.',
  columns: {
    response_key: ['TEXT NOT NULL REFERENCES generation', 'content key of the response'],
    reference_key: ['TEXT NOT NULL', 'content key of the scorer sub-model'],
    tokens: ['INTEGER NOT NULL CHECK (tokens >= 0)', "tokens scored: those that the scorer's context holds"],
    mean_log_probability: ['REAL CHECK (mean_log_probability <= 0)', 'nats a token', 'no token was scored'],
  },
  constraints: [
    'PRIMARY KEY (response_key, reference_key)',
    'CHECK ((tokens = 0) = (mean_log_probability IS NULL))',
  ],
  options: 'STRICT, WITHOUT ROWID',
});

export const RUN_REFERENCE = table({
  name: 'run_reference',
  description: 'The scorer model of a run.',
  comment: "The sub-model under which a run's answers were found likely or not.",
  columns: {
    run: ['TEXT PRIMARY KEY REFERENCES run', MEANING.run],
    model: ['TEXT NOT NULL', MEANING.scorer_model],
    exit: ['INTEGER NOT NULL', MEANING.scorer_exit],
    reference_key: ['TEXT NOT NULL', 'content key of the scorer sub-model'],
  },
  constraints: ['FOREIGN KEY (run, model, exit) REFERENCES sub_model'],
  options: 'STRICT, WITHOUT ROWID',
});

export const QUALITY_TABLES_2 = [TEXT_QUALITY, LIKELIHOOD, RUN_REFERENCE];
