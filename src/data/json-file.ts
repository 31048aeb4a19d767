import { existsSync, readFileSync, statSync } from 'node:fs';
import type { z } from 'zod';
import { InputError, type InputErrorCode } from '../core/errors.ts';
import { wellFormedValue } from '../core/text/well-formed.ts';
import { MAX_JSON_DEPTH, scanJson } from './scan-json.ts';
import { checkValue } from './schema/check-value.ts';

/** Of a text that is read whole: ten times the largest instruction sets and lists of labels. */
const MAX_TEXT_BYTES = 256_000_000;

/**
 * Reads a text file without its byte order mark. Bytes that are not UTF-8 throw: a silent U+FFFD would change an id.
 * @throws InputError `not-found`, `not-readable` (also for a pipe, a device and a file that is too long), or `not-json` for
 * bytes that are not UTF-8
 */
export function readText(path: string, fix: string, maxBytes = MAX_TEXT_BYTES): string {
  requireReadable(path, fix, maxBytes);
  return decodeUtf8(readBytes(path, fix), path, fix);
}

/** A pipe or a device may never end. What the system cannot tell about, reading reports. */
function requireReadable(path: string, fix: string, maxBytes: number): void {
  if (!existsSync(path)) return;
  const stats = statSync(path);
  const refused = (expected: string, found: string) =>
    new InputError({ code: 'not-readable', where: path, expected, found, fix });
  if (stats.isDirectory()) return;
  if (!stats.isFile()) throw refused('a readable file', 'something other than a file');
  if (stats.size > maxBytes) throw refused(`a file of at most ${maxBytes} bytes`, `${stats.size} bytes`);
}

/** @throws InputError `not-json` */
export function decodeUtf8(bytes: Uint8Array, where: string, fix: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const words = { expected: 'text in UTF-8', found: 'other bytes', fix };
    throw new InputError({ code: 'not-json', where, ...words, cause });
  }
}

function readBytes(path: string, fix: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const errno = (cause as NodeJS.ErrnoException).code;
    const missing = errno === 'ENOENT' || errno === 'ENOTDIR';
    throw new InputError({
      code: missing ? 'not-found' : 'not-readable',
      where: path,
      expected: 'a readable file',
      found: missing ? 'no such file' : errno === 'EISDIR' ? 'a directory' : `${errno}`,
      fix,
      cause,
    });
  }
}

/**
 * Parses JSON text; `where` names the place in the error. A key given twice is refused, since nobody can tell which of
 * the two values is meant; halves of surrogate pairs become U+FFFD.
 * @throws InputError `not-json`
 */
export function parseJson(text: string, where: string, fix: string): unknown {
  const { isTooDeep, repeatedKey } = scanJson(text);
  const notJson = (expected: string, found: string, cause?: unknown) =>
    new InputError({ code: 'not-json', where, expected, found, fix, cause });
  if (isTooDeep) throw notJson(`JSON of at most ${MAX_JSON_DEPTH} levels`, 'more of them');
  const value = parse(text, notJson);
  if (repeatedKey === undefined) return ESCAPED_SURROGATE.test(text) ? wellFormedValue(value) : value;
  throw notJson('each key of an object once', `${JSON.stringify(repeatedKey)} twice`);
}

/** Nothing else of a text in UTF-8 makes half a pair. */
const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/;

function parse(text: string, notJson: (expected: string, found: string, cause: unknown) => Error): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notJson('JSON', (cause as Error).message.slice(0, 120), cause);
  }
}

/**
 * Checks a value against a schema and returns the typed value.
 * @throws InputError with `code`, naming the first key that does not fit
 */
export function checkSchema<S extends z.ZodType>(
  value: unknown,
  schema: S,
  place: { path: string; fix: string; code: InputErrorCode },
): z.output<S> {
  const checked = checkValue(schema, value);
  if (checked.problem === undefined) return checked.data;
  const { path, expected, found, hint } = checked.problem;
  const key = path.length > 0 ? `: ${path.join('.')}` : '';
  const fix = hint === '' ? place.fix : `${hint} ${place.fix}`;
  throw new InputError({ code: place.code, where: `${place.path}${key}`, expected, found, fix });
}

/** Reads, parses and checks a JSON file in one go; throws as the three functions above do. */
export function readJsonFile<S extends z.ZodType>(
  path: string,
  schema: S,
  { fix, code }: { fix: string; code: InputErrorCode },
): z.output<S> {
  return checkSchema(parseJson(readText(path, fix), path, fix), schema, { path, fix, code });
}
