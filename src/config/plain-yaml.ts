/** YAML of people, not of attackers: what takes minutes to parse, and what no path or name can hold, is refused before. */
import { parse } from 'yaml';
import { InputError } from '../core/errors.ts';
import { wellFormedValue } from '../core/well-formed.ts';

/** A sweep of a thousand models has a tenth of each. The parser's time grows with the square of the keys of one object. */
export const MAX_SWEEP_BYTES = 256_000;
const MAX_MARKERS = 20_000;

const FIX = 'See docs/sweep-file.md for every key.';

/** @throws InputError `bad-config` */
export function parsePlainYaml(text: string, path: string): unknown {
  const markers = text.match(/[:[{&*?,%\n]|-\s/g)?.length ?? 0;
  if (markers > MAX_MARKERS)
    throw badYaml(path, `at most ${MAX_MARKERS} keys, list items and lines`, `${markers}`);
  const value = parsed(text, path);
  requirePlain(value, path, []);
  return value;
}

function parsed(text: string, path: string): unknown {
  try {
    return wellFormedValue(parse(text, { logLevel: 'error' }));
  } catch (cause) {
    const found = (cause as Error).message.split('\n', 1)[0]!.replace(/:$/, '');
    throw badYaml(path, 'YAML', found, cause);
  }
}

/** No NUL, which ends a path for the system; no key that JavaScript takes for something else. */
function requirePlain(value: unknown, path: string, keys: readonly string[]): void {
  const where = keys.length === 0 ? path : `${path}: ${keys.join('.')}`;
  if (typeof value === 'string' && value.includes('\0')) throw badYaml(where, 'text without NUL', 'a NUL');
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__') throw badYaml(where, 'keys that name something', '"__proto__"');
    requirePlain(item, path, [...keys, key]);
  }
}

function badYaml(where: string, expected: string, found: string, cause?: unknown): InputError {
  return new InputError({ code: 'bad-config', where, expected, found, fix: FIX, cause });
}
