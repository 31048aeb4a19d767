/** Timings made up in tests, stored as a sweep stores them. */
import type { SubModel } from '../../src/core/domain.ts';
import type { Store } from '../../src/store/database.ts';
import { saveRepetitions, saveRunSpeed, speedKey } from '../../src/store/tables/speed-table.ts';

interface Timed extends SubModel {
  readonly batchSize: number;
  readonly tokens: number;
  /** One for each repetition. */
  readonly durationsMs: readonly number[];
}

export function saveTimed(store: Store, run: string, timed: readonly Timed[]): void {
  for (const { model, exit, batchSize, tokens, durationsMs } of timed) {
    const settings = { steps: 7, repetitions: durationsMs.length, promptTokens: 64, machine: 'a machine' };
    const parts = { subModelKey: `${model} ${exit}`, batchSize, settings };
    const key = speedKey(parts);
    const repetitions = durationsMs.map((durationMs, repetition) => ({
      ...{ ...parts, speedKey: key, repetition, tokens, durationMs },
    }));
    saveRepetitions(store, repetitions);
    saveRunSpeed(store, run, [{ model, exit, batchSize, speedKey: key }]);
  }
}
