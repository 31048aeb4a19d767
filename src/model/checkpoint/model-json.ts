import type { z } from 'zod';
import { InputError, type InputErrorCode } from '../../core/errors.ts';
import { readJsonFile } from '../../data/json-file.ts';
import { regularFileBytes } from './regular-file.ts';

/** config.json and similar files hold a few kB; a hostile one must not keep the reader busy. */
const SETTINGS_BYTES = 1_000_000;

interface ModelJsonOptions {
  readonly fix: string;
  readonly code?: InputErrorCode;
  readonly maxBytes?: number;
}

/**
 * Reads and checks a JSON file of a checkpoint or a model folder.
 * @throws InputError `not-found`, `not-readable`, `not-json`, or `code` (default `bad-checkpoint`)
 */
export function readModelJson<S extends z.ZodType>(
  path: string,
  schema: S,
  { fix, code = 'bad-checkpoint', maxBytes = SETTINGS_BYTES }: ModelJsonOptions,
): z.output<S> {
  const bytes = regularFileBytes(path, 'a JSON file', fix);
  if (bytes <= maxBytes) return readJsonFile(path, schema, { fix, code });
  throw new InputError({
    code,
    where: path,
    expected: `at most ${maxBytes} bytes of JSON`,
    found: `${bytes} bytes`,
    fix,
  });
}
