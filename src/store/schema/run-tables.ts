/**
 * Mapping tables: which content belongs to which run, and what was made of it. Every key starts
 * with `run`, and the tables are WITHOUT ROWID: the key is the table. Counts are REAL because policies make
 * halves.
 */
import { MODEL_KINDS } from '../../core/domain.ts';
import { MEANING } from './column-meanings.ts';
import { POLICIES_1 } from './policies-1.ts';
import { sqlList } from './sql-list.ts';
import { table } from './table-type.ts';

const PLACE = ['INTEGER NOT NULL CHECK (position >= 0)', 'place in the sweep file, from 0'] as const;

export const RUN_1 = table({
  name: 'run',
  description: 'The runs of this file.',
  columns: {
    run: ["TEXT PRIMARY KEY CHECK (run <> '')", MEANING.run],
    config_json: ['TEXT NOT NULL CHECK (json_valid(config_json))', 'JSON: the setup from the sweep file'],
    config_sha256: [
      'TEXT NOT NULL',
      'sha256 over setup, instructions, models with their content keys, and comparisons',
    ],
    tool_version: ['TEXT NOT NULL', MEANING.tool_version],
    started_at: ['TEXT NOT NULL', MEANING.started_at],
    finished_at: ['TEXT', ...MEANING.finished_at],
    policy: [
      `TEXT CHECK (policy IN ${sqlList(POLICIES_1)})`,
      "the policy of the run's own scores",
      'not scored yet',
    ],
  },
  columnComments: {
    policy:
      "The policy that the run's own scores go by; all policies are in cell_score. NULL until it was scored.",
  },
  options: 'STRICT',
});

export const RUN_INSTRUCTION_1 = table({
  name: 'run_instruction',
  description: 'Instructions of a run with their known answers.',
  comment:
    'Two instruction files may give the same text different answers, so the answer belongs to the run.',
  columns: {
    run: ['TEXT NOT NULL REFERENCES run', MEANING.run],
    instruction_id: ['TEXT NOT NULL REFERENCES instruction', MEANING.instruction_id],
    position: ['INTEGER NOT NULL CHECK (position >= 0)', MEANING.set_position],
    answer: ['TEXT', ...MEANING.answer],
    category: ['TEXT', ...MEANING.category],
  },
  constraints: ['PRIMARY KEY (run, instruction_id)', 'UNIQUE (run, position)'],
  options: 'STRICT, WITHOUT ROWID',
});

export const MODEL = table({
  name: 'model',
  description: 'The models of a run with their sizes.',
  columns: {
    run: ['TEXT NOT NULL REFERENCES run', MEANING.run],
    model: ['TEXT NOT NULL', MEANING.model],
    position: PLACE,
    kind: [`TEXT NOT NULL CHECK (kind IN ${sqlList(MODEL_KINDS)})`, MEANING.kind],
    layers: ['INTEGER NOT NULL CHECK (layers > 0)', MEANING.layers],
    precision: ['TEXT NOT NULL', MEANING.precision],
    body_parameters: ['INTEGER', ...MEANING.body_parameters],
    embedding_parameters: ['INTEGER', ...MEANING.embedding_parameters],
    head_parameters: ['INTEGER', ...MEANING.head_parameters],
    extra_head_parameters: ['INTEGER', ...MEANING.extra_head_parameters],
    weight_bytes: ['INTEGER', ...MEANING.weight_bytes],
    extra_head_bytes: ['INTEGER', ...MEANING.extra_head_bytes],
  },
  constraints: ['PRIMARY KEY (run, model)', 'UNIQUE (run, position)'],
  options: 'STRICT, WITHOUT ROWID',
});

export const SUB_MODEL = table({
  name: 'sub_model',
  description: 'The exits of a model with their content keys.',
  columns: {
    run: ['TEXT NOT NULL', MEANING.run],
    model: ['TEXT NOT NULL', MEANING.model],
    exit: ['INTEGER NOT NULL CHECK (exit > 0)', MEANING.exit],
    sub_model_key: ['TEXT NOT NULL', MEANING.sub_model_key],
  },
  constraints: ['PRIMARY KEY (run, model, exit)', 'FOREIGN KEY (run, model) REFERENCES model'],
  options: 'STRICT, WITHOUT ROWID',
});

export const ANSWER = table({
  name: 'answer',
  description: 'Which response of `generation` is whose in a run.',
  columns: {
    run: ['TEXT NOT NULL', MEANING.run],
    model: ['TEXT NOT NULL', MEANING.model],
    exit: ['INTEGER NOT NULL', MEANING.exit],
    instruction_id: ['TEXT NOT NULL', MEANING.instruction_id],
    response_key: ['TEXT NOT NULL REFERENCES generation', 'content key of the response'],
  },
  constraints: [
    'PRIMARY KEY (run, model, exit, instruction_id)',
    'FOREIGN KEY (run, model, exit) REFERENCES sub_model',
    'FOREIGN KEY (run, instruction_id) REFERENCES run_instruction',
  ],
  options: 'STRICT, WITHOUT ROWID',
});

export const SPEED_1 = table({
  name: 'speed',
  description: 'Measured decoding speed of each exit; version 4 has a view in its place.',
  columns: {
    run: ['TEXT NOT NULL', MEANING.run],
    model: ['TEXT NOT NULL', MEANING.model],
    exit: ['INTEGER NOT NULL', MEANING.exit],
    batch_size: ['INTEGER NOT NULL CHECK (batch_size > 0)', MEANING.batch_size],
    tokens: ['INTEGER NOT NULL CHECK (tokens > 0)', 'generated tokens of all rows'],
    duration_ms: ['REAL NOT NULL CHECK (duration_ms > 0)', 'wall time in ms'],
  },
  constraints: [
    'PRIMARY KEY (run, model, exit, batch_size)',
    'FOREIGN KEY (run, model, exit) REFERENCES sub_model',
  ],
  options: 'STRICT, WITHOUT ROWID',
});

export const RUN_CHECK_1 = table({
  name: 'run_check',
  description: 'What a run checked about itself.',
  columns: {
    run: ['TEXT NOT NULL REFERENCES run', MEANING.run],
    check_name: ['TEXT NOT NULL', MEANING.check_name],
    passed: ['INTEGER NOT NULL CHECK (passed IN (0, 1))', MEANING.passed],
    detail: ['TEXT NOT NULL', MEANING.detail],
  },
  constraints: ['PRIMARY KEY (run, check_name)'],
  options: 'STRICT, WITHOUT ROWID',
});
