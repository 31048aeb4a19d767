/** Speeds of two machines are no speeds of one run. */

import type { Store } from '../database.ts';

/** Speeds of a run that the other file has from another machine. */
export interface OtherSpeeds {
  readonly count: number;
  /** Where those were timed that the run keeps. */
  readonly kept: readonly string[];
  readonly others: readonly string[];
}

const MACHINE = "coalesce(json_extract(m.settings_json, '$.machine'), 'a machine that was not recorded')";

/**
 * What a run has timed stays as it is, all of one machine; timings of others stay in the file as measurements without a run.
 * @returns undefined where the other file has none of another machine
 */
export function otherSpeeds(store: Store, from: string, run: string): OtherSpeeds | undefined {
  const kept = machinesOf(store, 'main', run).map(({ machine }) => machine);
  if (kept.length === 0) return undefined;
  const others = machinesOf(store, 'other', from).filter(({ machine }) => !kept.includes(machine));
  if (others.length === 0) return undefined;
  const count = others.reduce((sum, { speeds }) => sum + speeds, 0);
  return { count, kept, others: others.map(({ machine }) => machine) };
}

/** SQL that is true for rows of `run_speed` of the other file that were timed on one of the machines. */
export function timedOn(machines: readonly string[]): string {
  const list = machines.map((machine) => `'${machine.replaceAll("'", "''")}'`).join(', ');
  return `speed_key IN (SELECT m.speed_key FROM other.speed_measurement m WHERE ${MACHINE} IN (${list}))`;
}

function machinesOf(store: Store, file: 'main' | 'other', run: string) {
  const sql = `SELECT ${MACHINE} AS machine, count(*) AS speeds FROM ${file}.run_speed s
    JOIN ${file}.speed_measurement m USING (speed_key) WHERE s.run = @run GROUP BY 1 ORDER BY 1`;
  return store.all<{ machine: string; speeds: number }>(sql, { run });
}
