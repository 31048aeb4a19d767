/** What a sweep gave whose models and judge were served, beside the same on this machine's engine. Keys differ; what they hold may not. */

import type { SqlValue } from '../../../src/store/query-result.ts';
import { withResults } from '../../../test/evaluate/trio.ts';
import { distanceOf } from './differences.ts';

const MOST_LISTED = 10;

/** Of each kind: what says where a row belongs, and what it holds. */
const COMPARED = {
  answers: `SELECT model || '@' || exit || ' ' || instruction_id AS place,
    json_array(state, text, token_ids, stop_reason) AS value FROM answer JOIN generation USING (response_key)`,
  'verdict texts': `SELECT model_a || '@' || exit_a || ' ' || model_b || '@' || exit_b || ' ' || instruction_id || ' ' || ord AS place,
    raw_text AS value FROM verdicts`,
  'KL values': `SELECT model || '@' || exit || ' ' || reference_model || '@' || reference_exit || ' ' || instruction_id || ' ' || position AS place,
    kl_nats AS value FROM kl_curve JOIN kl_value USING (kl_key)`,
  loglikelihoods: `SELECT model || '@' || exit || ' ' || instruction_id AS place,
    mean_log_probability AS value FROM answer JOIN likelihood USING (response_key)`,
};

export interface Beside {
  readonly what: string;
  readonly total: number;
  /** Texts that differ, or what only one of both has. */
  readonly different: readonly string[];
  /** Of numbers in nats: largest distance, as `TOLERANCE` measures it. */
  readonly largest: number;
  /** Where that is, and the number there on this machine's engine; '' where all are equal. */
  readonly largestAt: string;
}

/** @param served output folder, like `local` */
export function besideLocal(served: string, local: string): Beside[] {
  return Object.entries(COMPARED).map(([what, sql]) => {
    const [found, wanted] = [valuesOf(served, sql), valuesOf(local, sql)];
    const places = [...new Set([...found.keys(), ...wanted.keys()])];
    const distances = places.map((place) => distanceOf(found.get(place), wanted.get(place)));
    const largest = distances.filter(Number.isFinite).reduce((most, one) => Math.max(most, one), 0);
    const place = places[distances.indexOf(largest)];
    return {
      what,
      total: places.length,
      different: places.filter((_, index) => distances[index] === Number.POSITIVE_INFINITY),
      largest,
      largestAt: largest === 0 || place === undefined ? '' : `, of ${wanted.get(place)} at ${place}`,
    };
  });
}

export function besideText({ what, total, different, largest, largestAt }: Beside): string {
  const list = different.slice(0, MOST_LISTED).map((place) => `\n    ${place}`);
  return `  ${what}: ${different.length} of ${total} differ, numbers by at most ${largest.toExponential(1)}${largestAt}${list.join('')}`;
}

function valuesOf(output: string, sql: string): Map<string, SqlValue> {
  const rows = withResults(output, (store) => store.all<{ place: string; value: SqlValue }>(sql));
  return new Map(rows.map(({ place, value }) => [place, value]));
}
