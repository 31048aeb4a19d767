/** Options that several commands have, and checks of their values. */

import { NANO_RESULTS } from '../config/nano-run.ts';
import { InputError } from '../core/errors.ts';
import { DEFAULT_MEMORY_MB } from '../engine/cache/memory-budget.ts';
import { DEFAULT_WAIT_SECONDS } from '../sources/http/server-watch.ts';
import { ROW_FORMATS, type RowFormat } from '../terminal/result-table.ts';

export const DB_OPTION = { type: 'string', default: NANO_RESULTS, describe: 'results file' } as const;

/** Beside a sweep file, whose results file is the default. */
export const OTHER_DB_OPTION = {
  type: 'string',
  conflicts: 'sweep',
  describe: 'results file, instead of a sweep file',
} as const;

export const RUN_OPTION = {
  type: 'string',
  describe: 'run: its key, its name or the first digits of its hash  [default: the newest]',
} as const;

export const FORMAT_OPTION = {
  choices: ROW_FORMATS,
  default: 'table' as RowFormat,
  describe: 'output format',
} as const;

export const MEMORY_OPTION = {
  type: 'number',
  default: DEFAULT_MEMORY_MB,
  describe: 'MB for keys and values of prompts that are kept for reuse',
} as const;

export const WORKERS_OPTION = {
  type: 'number',
  describe:
    'threads with weights of their own that share the work  [default: one per core where memory holds them]',
} as const;

/** @throws InputError `bad-option` for what is not an integer of 1 or more */
export function workersOf(workers: number | undefined): { readonly workers?: number } {
  if (workers === undefined) return {};
  return { workers: requireInteger('--workers', workers, { min: 1 }) };
}

export const WAIT_OPTION = {
  type: 'boolean',
  default: true,
  describe: 'wait while another command works in the output folder; --no-wait refuses',
} as const;

export const QUIET_OPTION = {
  type: 'boolean',
  default: false,
  describe: 'print errors and what is missing, nothing else',
} as const;

export const JSON_OPTION = {
  type: 'boolean',
  default: false,
  describe: 'print the report as one JSON object (report-json.md)',
} as const;

export const SERVER_OPTION = {
  type: 'number',
  describe: `seconds to wait for a server that is lost  [default: ${DEFAULT_WAIT_SECONDS}; 3 for one that never answered]`,
} as const;

/** @throws InputError `bad-option` */
export function waitForServerOf(seconds: number | undefined): { readonly waitForServerSeconds?: number } {
  if (seconds === undefined) return {};
  return { waitForServerSeconds: requireInteger('--wait-for-server', seconds, { min: 0, unit: 'seconds' }) };
}

interface Bounds {
  readonly min: number;
  readonly max?: number;
  readonly unit?: string;
  readonly fix?: string;
}

/** @throws InputError `bad-option` for what is not an integer within the bounds */
export function requireInteger(option: string, value: number, bounds: Bounds): number {
  const { min, max = Number.MAX_SAFE_INTEGER, unit, fix = 'Correct the number.' } = bounds;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const range = bounds.max === undefined ? `of ${min} or more` : `from ${min} to ${max}`;
  const expected = `an integer ${range}${unit === undefined ? '' : ` (${unit})`}`;
  throw badOption(option, expected, Number.isNaN(value) ? 'no number' : String(value), fix);
}

export function badOption(where: string, expected: string, found: string, fix: string): InputError {
  return new InputError({ code: 'bad-option', where, expected, found, fix });
}
