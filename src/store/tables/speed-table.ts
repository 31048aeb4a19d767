/**
 * Speed of each exit: `speed_measurement` and `speed_repetition` hold what was timed, `run_speed` which of it a run has. It
 * alone differs between two equal runs.
 */
import { contentKey } from '../../core/content-key.ts';
import type { SubModel } from '../../core/domain.ts';
import { canonicalJson } from '../../core/json.ts';
import type { Store } from '../database.ts';
import { RUN_SPEED, SPEED_MEASUREMENT, SPEED_REPETITION } from '../schema/speed-tables.ts';
import { inserter } from './statements.ts';

/** What a measurement depends on: not the instructions, so that one more measures nothing again. */
export interface SpeedParts {
  readonly subModelKey: string;
  /** Rows that decode together. */
  readonly batchSize: number;
  readonly settings: SpeedSettingsRecord;
}

/** A type, not an interface: it goes into JSON. */
export type SpeedSettingsRecord = {
  /** Timed steps of each repetition. */
  readonly steps: number;
  readonly repetitions: number;
  readonly promptTokens: number;
  /** Processor, cores, execution provider. */
  readonly machine: string;
};

export interface SpeedRepetition extends SpeedParts {
  readonly speedKey: string;
  /** Round, from 0. */
  readonly repetition: number;
  /** Generated tokens of all rows. */
  readonly tokens: number;
  readonly durationMs: number;
}

/** A setting of a run and the measurement that it has. */
export interface SpeedMapping extends SubModel {
  readonly batchSize: number;
  readonly speedKey: string;
}

export function speedKey({ subModelKey, batchSize, settings }: SpeedParts): string {
  return contentKey('speed', { subModelKey, batchSize, settings });
}

/** One finished unit of work in one transaction. Content that is there already stays as it is. */
export function saveRepetitions(store: Store, timed: readonly SpeedRepetition[]): void {
  store.transaction(() => {
    for (const { settings, ...one } of timed) {
      insertMeasurement(store, { ...one, settingsJson: canonicalJson(settings) });
      insertRepetition(store, one);
    }
  });
}

/** `key repetition` of those timings of the measurements that are stored. */
export function knownRepetitions(
  store: Store,
  measurements: readonly Pick<SpeedMapping, 'speedKey'>[],
): Set<string> {
  const keys = JSON.stringify(measurements.map(({ speedKey }) => speedKey));
  const rows = store.all<{ key: string }>(
    `SELECT speed_key || ' ' || repetition AS key FROM speed_repetition
     WHERE speed_key IN (SELECT value FROM json_each(@keys))`,
    { keys },
  );
  return new Set(rows.map(({ key }) => key));
}

/** `model exit batchSize` of what a run has. */
export function timedSettings(store: Store, run: string): Set<string> {
  const rows = store.all<{ id: string }>(
    "SELECT model || ' ' || exit || ' ' || batch_size AS id FROM run_speed WHERE run = @run",
    { run },
  );
  return new Set(rows.map(({ id }) => id));
}

/** Makes finished measurements the run's. */
export function saveRunSpeed(store: Store, run: string, settings: readonly SpeedMapping[]): void {
  store.transaction(() => {
    for (const mapping of settings) insertMapping(store, { run, ...mapping });
  });
}

const insertMeasurement = inserter(SPEED_MEASUREMENT, 'keep');
const insertRepetition = inserter(SPEED_REPETITION, 'keep');
const insertMapping = inserter(RUN_SPEED, 'keep');
