import { canonicalJson, type JsonValue } from '../../core/json.ts';
import { sha256 } from '../../core/sha256.ts';
import type { Reader } from '../database.ts';

/**
 * Names what a run's figures show: instructions, models by the content of their weights, comparisons, the
 * judge with its settings, and how verdicts are counted. Equal on every machine; speeds are no part of it.
 * @returns 64 hex digits; `undefined` where the file has no such run
 */
export function readRunSha256(store: Reader, run: string): string | undefined {
  const parts = store.get<Record<string, JsonValue>>(SELECT, { run });
  return parts && sha256(canonicalJson({ ...parts }));
}

const SELECT = `SELECT r.config_sha256 AS setup, r.policy, j.judge_key AS judgeKey, j.decoding_json AS decoding,
  (SELECT min(malformed_rule) FROM cell_score s WHERE s.run = r.run) AS malformedRule
  FROM run r LEFT JOIN judge j USING (run) WHERE r.run = @run`;
