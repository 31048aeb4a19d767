/** Speed and quality of each exit. Speed is measured, so it alone differs between two equal runs. */
import type { SubModel } from '../../core/domain.ts';
import type { Reader, Store } from '../database.ts';

export interface SpeedRecord extends SubModel {
  /** Rows that were decoded together. */
  readonly batchSize: number;
  /** Generated tokens of all rows. */
  readonly tokens: number;
  readonly durationMs: number;
}

/** The view `quality`. */
export interface Quality extends SubModel {
  readonly right: number;
  /** Answers whose right answer is known. */
  readonly total: number;
  /** right / total. */
  readonly exactMatch: number;
}

/** A new measurement of the same exit and batch size replaces the old one. */
export function saveSpeed(store: Store, run: string, measured: readonly SpeedRecord[]): void {
  store.transaction(() => {
    for (const record of measured) store.run(UPSERT, { run, ...record });
  });
}

export function readSpeed(store: Reader, run: string): SpeedRecord[] {
  return store.all<SpeedRecord>(
    `SELECT model, exit, batch_size AS batchSize, tokens, duration_ms AS durationMs FROM speed
     WHERE run = @run ORDER BY model, exit, batch_size`,
    { run },
  );
}

export function readQuality(store: Reader, run: string): Quality[] {
  return store.all<Quality>(
    `SELECT model, exit, "right", total, exact_match AS exactMatch FROM quality
     WHERE run = @run ORDER BY model, exit`,
    { run },
  );
}

const UPSERT = `INSERT INTO speed VALUES (@run, @model, @exit, @batchSize, @tokens, @durationMs)
  ON CONFLICT DO UPDATE SET tokens = excluded.tokens, duration_ms = excluded.duration_ms`;
