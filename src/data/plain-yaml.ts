/** YAML of people, not of attackers: what takes minutes to parse, and what no path or name can hold, is refused before. */
import { isScalar, type ParsedNode, parse } from 'yaml';
import { InputError } from '../core/errors.ts';
import { wellFormedValue } from '../core/text/well-formed.ts';

/** A sweep of a thousand models has a tenth of each. The parser's time grows with the square of the keys of one object. */
export const MAX_YAML_BYTES = 256_000;
const MAX_MARKERS = 20_000;

/** The file, and where all that may stand in it is written down. */
interface YamlPlace {
  readonly path: string;
  readonly fix: string;
}

/** @throws InputError `bad-config` */
export function parsePlainYaml(text: string, place: YamlPlace): unknown {
  const markers = text.match(/[:[{&*?,%\n]|-\s/g)?.length ?? 0;
  if (markers > MAX_MARKERS)
    throw badYaml(place, [], `at most ${MAX_MARKERS} keys, list items and lines`, `${markers}`);
  const value = parsed(text, place);
  requirePlain(value, place, []);
  return value;
}

function parsed(text: string, place: YamlPlace): unknown {
  try {
    return wellFormedValue(parse(text, { logLevel: 'error', uniqueKeys: areOneKey }));
  } catch (cause) {
    const found = (cause as Error).message.split('\n', 1)[0]!.replace(/:$/, '');
    throw badYaml(place, [], 'YAML', found, cause);
  }
}

/** In an object of JavaScript 12 and "12" are one key, and the second would take the place of the first. */
function areOneKey(a: ParsedNode, b: ParsedNode): boolean {
  return isScalar(a) && isScalar(b) && String(a.value) === String(b.value);
}

/** No NUL, which ends a path for the system; no key that JavaScript takes for something else. */
function requirePlain(value: unknown, place: YamlPlace, keys: readonly string[]): void {
  if (typeof value === 'string' && value.includes('\0'))
    throw badYaml(place, keys, 'text without NUL', 'a NUL');
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__') throw badYaml(place, keys, 'keys that name something', '"__proto__"');
    requirePlain(item, place, [...keys, key]);
  }
}

function badYaml(
  { path, fix }: YamlPlace,
  keys: readonly string[],
  expected: string,
  found: string,
  cause?: unknown,
): InputError {
  const where = keys.length === 0 ? path : `${path}: ${keys.join('.')}`;
  return new InputError({ code: 'bad-config', where, expected, found, fix, cause });
}
