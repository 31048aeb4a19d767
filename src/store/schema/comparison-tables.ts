/**
 * Mapping tables of version 1 (see `run-tables.ts`) over pairs of exits: which are compared, judged, scored,
 * measured by KL.
 */
import { MALFORMED_RULES, ORDERS } from '../../core/domain.ts';
import { MEANING } from './column-meanings.ts';
import { POLICIES_1 } from './policies-1.ts';
import { sqlList } from './sql-list.ts';
import { table } from './table-type.ts';

const COUNT = (name: string) => `REAL NOT NULL CHECK (${name} >= 0)` as const;
const CELL_KEY = {
  run: ['TEXT NOT NULL', MEANING.run],
  comparison: ['TEXT NOT NULL', MEANING.comparison],
  exit_a: ['INTEGER NOT NULL', MEANING.exit_a],
  exit_b: ['INTEGER NOT NULL', MEANING.exit_b],
} as const;

export const COMPARISON = table({
  name: 'comparison',
  description: 'Which models a run compares.',
  columns: {
    run: ['TEXT NOT NULL', MEANING.run],
    comparison: ['TEXT NOT NULL', MEANING.comparison],
    position: ['INTEGER NOT NULL CHECK (position >= 0)', 'place in the sweep file, from 0'],
    model_a: ['TEXT NOT NULL', MEANING.model_a],
    model_b: ['TEXT NOT NULL', MEANING.model_b],
  },
  constraints: [
    'PRIMARY KEY (run, comparison)',
    'UNIQUE (run, position)',
    'UNIQUE (run, comparison, model_a, model_b)',
    'FOREIGN KEY (run, model_a) REFERENCES model',
    'FOREIGN KEY (run, model_b) REFERENCES model',
  ],
  options: 'STRICT, WITHOUT ROWID',
});

export const CELL = table({
  name: 'cell',
  description: 'The cells of a comparison: one for each pair of its exits.',
  comment: 'The models stand here once more so that both exits of a cell are exits that exist.',
  columns: {
    ...CELL_KEY,
    model_a: ['TEXT NOT NULL', MEANING.model_a],
    model_b: ['TEXT NOT NULL', MEANING.model_b],
  },
  constraints: [
    'PRIMARY KEY (run, comparison, exit_a, exit_b)',
    'FOREIGN KEY (run, comparison, model_a, model_b) REFERENCES comparison (run, comparison, model_a, model_b)',
    'FOREIGN KEY (run, model_a, exit_a) REFERENCES sub_model',
    'FOREIGN KEY (run, model_b, exit_b) REFERENCES sub_model',
  ],
  options: 'STRICT, WITHOUT ROWID',
});

export const JUDGE_1 = table({
  name: 'judge',
  description: 'The judge of a run.',
  columns: {
    run: ['TEXT PRIMARY KEY REFERENCES run', MEANING.run],
    judge: ['TEXT NOT NULL', MEANING.judge],
    judge_key: ['TEXT NOT NULL', MEANING.judge_key],
    decoding_json: ['TEXT NOT NULL CHECK (json_valid(decoding_json))', MEANING.decoding_json],
    deviations_json: [
      "TEXT NOT NULL CHECK (json_type(deviations_json) = 'array')",
      "JSON array: how it differs from PandaLM's settings, each in a few words",
    ],
  },
  options: 'STRICT, WITHOUT ROWID',
});

export const JUDGED_PAIR = table({
  name: 'judged_pair',
  description: 'Which verdict of `judgement` is on which pair and order of a run.',
  columns: {
    run: ['TEXT NOT NULL REFERENCES judge', MEANING.run],
    comparison: CELL_KEY.comparison,
    exit_a: CELL_KEY.exit_a,
    exit_b: CELL_KEY.exit_b,
    instruction_id: ['TEXT NOT NULL', MEANING.instruction_id],
    ord: [`TEXT NOT NULL CHECK (ord IN ${sqlList(ORDERS)})`, MEANING.ord],
    judgement_key: ['TEXT NOT NULL REFERENCES judgement', 'content key of the judgement'],
  },
  constraints: [
    'PRIMARY KEY (run, comparison, exit_a, exit_b, instruction_id, ord)',
    'FOREIGN KEY (run, comparison, exit_a, exit_b) REFERENCES cell',
    'FOREIGN KEY (run, instruction_id) REFERENCES run_instruction',
  ],
  options: 'STRICT, WITHOUT ROWID',
});

export const KL_CURVE = table({
  name: 'kl_curve',
  description: 'Which KL measurement of `kl` belongs to which curve of a run.',
  columns: {
    run: ['TEXT NOT NULL', MEANING.run],
    curve: ['TEXT NOT NULL', MEANING.curve],
    model: ['TEXT NOT NULL', MEANING.model],
    exit: ['INTEGER NOT NULL', MEANING.exit],
    reference_model: ['TEXT NOT NULL', MEANING.reference_model],
    reference_exit: ['INTEGER NOT NULL', MEANING.reference_exit],
    instruction_id: ['TEXT NOT NULL', MEANING.instruction_id],
    kl_key: ['TEXT NOT NULL REFERENCES kl', 'the measurement'],
  },
  constraints: [
    'PRIMARY KEY (run, curve, model, exit, reference_model, reference_exit, instruction_id)',
    'FOREIGN KEY (run, model, exit) REFERENCES sub_model',
    'FOREIGN KEY (run, reference_model, reference_exit) REFERENCES sub_model',
    'FOREIGN KEY (run, instruction_id) REFERENCES run_instruction',
  ],
  options: 'STRICT, WITHOUT ROWID',
});

export const CELL_SCORE_1 = table({
  name: 'cell_score',
  description: 'Score of each cell under each policy.',
  columns: {
    ...CELL_KEY,
    policy: [`TEXT NOT NULL CHECK (policy IN ${sqlList(POLICIES_1)})`, MEANING.policy],
    malformed_rule: [
      `TEXT NOT NULL CHECK (malformed_rule IN ${sqlList(MALFORMED_RULES)})`,
      MEANING.malformed_rule,
    ],
    wins: [COUNT('wins'), MEANING.wins],
    losses: [COUNT('losses'), MEANING.losses],
    ties: [COUNT('ties'), MEANING.ties],
    malformed: [COUNT('malformed'), MEANING.malformed],
    total: ['REAL NOT NULL CHECK (total > 0)', MEANING.total],
    score: ['REAL NOT NULL CHECK (score BETWEEN -1 AND 1)', MEANING.score],
    ci_low: ['REAL', ...MEANING.ci_low],
    ci_high: ['REAL', ...MEANING.ci_high],
    p_value: ['REAL', ...MEANING.p_value],
    p_holm: ['REAL', ...MEANING.p_holm],
  },
  constraints: [
    'PRIMARY KEY (run, comparison, exit_a, exit_b, policy, malformed_rule)',
    'FOREIGN KEY (run, comparison, exit_a, exit_b) REFERENCES cell',
  ],
  options: 'STRICT, WITHOUT ROWID',
});
