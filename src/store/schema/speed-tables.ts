/**
 * Tables of version 4: how fast each exit decodes. The first two are content, keyed by what is timed and on which machine,
 * so that runs share it; `run_speed` belongs to a run.
 */
import { MEANING } from './column-meanings.ts';
import { table } from './table-type.ts';

export const SPEED_MEASUREMENT = table({
  name: 'speed_measurement',
  description: 'What was timed: one sub-model at one batch size.',
  columns: {
    speed_key: [
      'TEXT PRIMARY KEY',
      'content key of the measurement: sub-model, batch size, settings and machine',
    ],
    sub_model_key: ['TEXT NOT NULL', MEANING.sub_model_key],
    batch_size: ['INTEGER NOT NULL CHECK (batch_size > 0)', MEANING.batch_size],
    settings_json: [
      'TEXT CHECK (json_valid(settings_json))',
      'JSON: timed steps of a repetition, repetitions, tokens of the prompt, machine',
      'measured once, before version 4; not recorded',
    ],
  },
  options: 'STRICT, WITHOUT ROWID',
});

export const SPEED_REPETITION = table({
  name: 'speed_repetition',
  description: 'Every timing of a measurement, in the order of its rounds.',
  columns: {
    speed_key: ['TEXT NOT NULL REFERENCES speed_measurement', 'content key of the measurement'],
    repetition: ['INTEGER NOT NULL CHECK (repetition >= 0)', 'round, from 0; all exits have a turn in each'],
    tokens: ['INTEGER NOT NULL CHECK (tokens > 0)', 'generated tokens of all rows'],
    duration_ms: ['REAL NOT NULL CHECK (duration_ms > 0)', 'wall time in ms'],
  },
  constraints: ['PRIMARY KEY (speed_key, repetition)'],
  options: 'STRICT, WITHOUT ROWID',
});

export const RUN_SPEED = table({
  name: 'run_speed',
  description: 'Which measurement of `speed_measurement` is whose in a run.',
  columns: {
    run: ['TEXT NOT NULL', MEANING.run],
    model: ['TEXT NOT NULL', MEANING.model],
    exit: ['INTEGER NOT NULL', MEANING.exit],
    batch_size: ['INTEGER NOT NULL CHECK (batch_size > 0)', MEANING.batch_size],
    speed_key: ['TEXT NOT NULL REFERENCES speed_measurement', 'content key of the measurement'],
  },
  constraints: [
    'PRIMARY KEY (run, model, exit, batch_size)',
    'FOREIGN KEY (run, model, exit) REFERENCES sub_model',
  ],
  options: 'STRICT, WITHOUT ROWID',
});

export const SPEED_TABLES_4 = [SPEED_MEASUREMENT, SPEED_REPETITION, RUN_SPEED];
