/** Speed of each exit: it is measured, so it alone differs between two equal runs. */
import type { SubModel } from '../../core/domain.ts';
import type { Reader, Store } from '../database.ts';
import { SPEED } from '../schema/run-tables.ts';
import { fields, inserter } from './statements.ts';

export interface SpeedRecord extends SubModel {
  /** Rows that were decoded together. */
  readonly batchSize: number;
  /** Generated tokens of all rows. */
  readonly tokens: number;
  readonly durationMs: number;
}

/** A new measurement of the same exit and batch size replaces the old one. */
export function saveSpeed(store: Store, run: string, measured: readonly SpeedRecord[]): void {
  store.transaction(() => {
    for (const record of measured) upsert(store, { run, ...record });
  });
}

export function readSpeed(store: Reader, run: string): SpeedRecord[] {
  return store.all<SpeedRecord>(
    `SELECT ${fields('model', 'exit', 'batch_size', 'tokens', 'duration_ms')} FROM speed
     WHERE run = @run ORDER BY model, exit, batch_size`,
    { run },
  );
}

const upsert = inserter(SPEED, ['tokens', 'duration_ms']);
