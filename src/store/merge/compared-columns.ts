/** What two results files must agree on where both have a row. */

import type { Table } from '../schema/table-type.ts';

/** Wall times, versions, names for people, and what is read from a stored text: they may differ between two machines. */
const NOT_COMPARED: Readonly<Record<string, readonly string[]>> = {
  generation: ['duration_ms'],
  judgement: ['duration_ms', 'parsed_text', 'slot_verdict', 'parser_version'],
  speed_repetition: ['tokens', 'duration_ms'],
  human_agreement_result: ['labels'],
  run: ['run', 'config_json', 'tool_version', 'started_at', 'finished_at', 'policy', 'margin'],
  run_instruction: ['metadata_json'],
  judge: ['judge', 'deviations_json', 'model', 'parameters', 'source', 'setup_json'],
  run_speed: ['speed_key'],
};

/** Processors round differently in the last bits. */
const TOLERANCE = 1e-5;

export function comparedColumns({ name, columns }: Table, keys: readonly string[]): string[] {
  const left = new Set([...keys, ...(NOT_COMPARED[name] ?? [])]);
  return Object.keys(columns).filter((column) => !left.has(column));
}

/** SQL that is true where the column of `own` and `other` differs. */
export function differs({ columns }: Table, column: string): string {
  const [definition] = columns[column]!;
  const isOther = `own.${column} IS NOT other.${column}`;
  if (!definition.startsWith('REAL')) return isOther;
  const isFar = `abs(own.${column} - other.${column}) > ${TOLERANCE} * max(1, abs(own.${column}))`;
  return `(${isOther} AND coalesce(${isFar}, 1))`;
}
