/** Part of the migration to version 4: speeds of older files, which were timed once. */
import { contentKey } from '../../core/content-key.ts';
import type { SubModel } from '../../core/domain.ts';
import { RUN_SPEED, SPEED_MEASUREMENT, SPEED_REPETITION } from '../schema/speed-tables.ts';
import type { Database } from '../sqlite-driver.ts';
import { fields, inserter } from '../tables/statements.ts';

/**
 * Moves what version 3 had into the tables of version 4: one timing of each exit and batch size, of which neither machine
 * nor prompt is known, so that no other run takes it for its own.
 */
export function moveSingleTimings(database: Database): void {
  const former = database.all<SingleTiming>(
    `SELECT ${fields('run', 'model', 'exit', 'batch_size', 'tokens', 'duration_ms', 'sub_model_key')}
     FROM speed JOIN sub_model USING (run, model, exit)`,
  );
  for (const { run, model, exit, ...timing } of former) {
    const { subModelKey, batchSize } = timing;
    const key = contentKey('speed', { subModelKey, batchSize, run, model, exit });
    insertMeasurement(database, { subModelKey, batchSize, speedKey: key, settingsJson: null });
    insertRepetition(database, { ...timing, speedKey: key, repetition: 0 });
    insertMapping(database, { run, model, exit, batchSize, speedKey: key });
  }
  database.execute('DROP TABLE speed');
}

interface SingleTiming extends SubModel {
  readonly run: string;
  readonly subModelKey: string;
  readonly batchSize: number;
  readonly tokens: number;
  readonly durationMs: number;
}

const insertMeasurement = inserter(SPEED_MEASUREMENT, 'refuse');
const insertRepetition = inserter(SPEED_REPETITION, 'refuse');
const insertMapping = inserter(RUN_SPEED, 'refuse');
