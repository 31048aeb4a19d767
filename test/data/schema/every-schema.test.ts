import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { checkValue } from '../../../src/data/schema/check-value.ts';

/** Every schema that a file of `src/` makes, the parts of other schemas too. */
const made = vi.hoisted(() => new Set<object>());

vi.mock('zod', async (original) => {
  const { z, ...rest } = await original<typeof import('zod')>();
  const makers = Object.entries(z).map(([name, value]) => [name, recorded(value)]);
  return { ...rest, z: Object.fromEntries(makers) };

  function recorded(value: unknown): unknown {
    if (typeof value !== 'function' || /^[A-Z$]/.test(value.name)) return value;
    return (...args: unknown[]) => {
      const result: unknown = value(...args);
      if (isSchema(result)) made.add(result);
      return result;
    };
  }
});

const ROOT = fileURLToPath(new URL('../../../src/', import.meta.url));

const WRONG: readonly unknown[] = [
  ...[undefined, null, true, -1, 0, 0.5, 1e9, Number.NaN, '', 'x', 'x'.repeat(5000)],
  ...[[], [undefined], [{}], [-1, 'x'], {}, { unknown: 1 }, { type: 'x' }, { '': {} }],
];
/** zod's own words, and ours for a check that does not say what it wants. */
const DEFAULTS =
  /Invalid|Too (small|big)|Unrecognized|received|[<>]=|must (be|have|match|start|end|include)|another value|undefined|\bnan\b/;

it('every schema of src/ says in plain words what it expects, whatever it is given', async () => {
  const files = filesWith(/^import \{.*\bz\b.*\} from 'zod'/m);
  for (const file of files)
    for (const exported of Object.values(await import(file))) if (isSchema(exported)) made.add(exported);
  const lines = [...made].flatMap((schema) => linesOf(schema as z.ZodType));
  expect(lines.filter((line) => DEFAULTS.test(line))).toEqual([]);
  expect(files.length).toBeGreaterThan(30);
  expect(made.size).toBeGreaterThan(300);
  expect(new Set(lines).size).toBeGreaterThan(200);
});

/** Files under `src/` whose text matches. */
function filesWith(text: RegExp): string[] {
  return readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(ROOT, file))
    .filter((file) => text.test(readFileSync(file, 'utf8')));
}

function isSchema(value: unknown): value is object {
  return typeof value === 'object' && value !== null && '_zod' in value;
}

it('what zod found is read in one place, and by what hands it on to there', () => {
  const readers = filesWith(/\.issues\b/).map((file) => file.slice(ROOT.length));
  expect(readers.sort()).toEqual([
    'data/schema/check-value.ts',
    'data/schema/schema-words.ts',
    'sources/schema-parts.ts',
  ]);
});

/** What is said of each wrong value, and of each in the place of each key. */
function linesOf(schema: z.ZodType): string[] {
  const keys = Object.keys((schema as { shape?: object }).shape ?? {});
  const values = [...WRONG, ...keys.flatMap((key) => WRONG.map((value) => ({ [key]: value })))];
  return values.flatMap((value) => {
    const { problem } = checkValue(schema, value);
    return problem === undefined
      ? []
      : [`${problem.path.join('.')}: expected ${problem.expected}, found ${problem.found}`];
  });
}
