import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Ended, refusalOf, runMain } from '../cli/run.ts';
import type { Header } from '../support/safetensors-file.ts';

/**
 * What must come of a damaged input. A flipped bit may leave a file that is as good as before (a letter of a comment), so
 * `either` is an import whose weights are still the original's, or a refusal; never anything else.
 */
export type Fate = 'refused' | 'whole' | 'either';

export interface HostileCase {
  readonly name: string;
  /** Damages a copy of an intact checkpoint or model folder. */
  readonly change: (folder: string) => void;
  /** Default: refused. */
  readonly fate?: Fate;
  /** What the one line says, where it matters. */
  readonly said?: RegExp;
}

/** For `it.each`, whose `$name` would cut long names. */
export const named = (cases: readonly HostileCase[]) =>
  cases.map((it): [string, HostileCase] => [it.name, it]);

/** Several cases of one kind; the name tells them apart. */
export function casesOf<T>(
  kind: string,
  values: Readonly<Record<string, T>>,
  change: (folder: string, value: T) => void,
  rest: Omit<HostileCase, 'name' | 'change'> = {},
): HostileCase[] {
  return Object.entries(values).map(([name, value]) => ({
    name: `${kind}: ${name}`,
    change: (folder) => change(folder, value),
    ...rest,
  }));
}

/** Imports a damaged copy and checks that it is refused in one line and leaves no trace, or that it is whole. */
export async function importDamaged(
  intact: string,
  root: string,
  hostile: HostileCase,
  options: (checkpoint: string) => readonly string[] = () => [],
): Promise<'refused' | 'whole'> {
  const { fate = 'refused', said = /./ } = hostile;
  const checkpoint = damagedCopy(intact, root, hostile);
  const out = join(root, 'models', 'out');
  const ended = await runMain(['import', checkpoint, out, ...options(checkpoint)]);
  const became = ended.code === 0 ? 'whole' : 'refused';
  if (fate !== 'either') expect(became, ended.stderr).toBe(fate);
  if (became === 'refused') expectRefused(ended, said, join(root, 'models'));
  else if (fate === 'either') expect(tensorsIn(out)).toEqual(tensorsIn(intact));
  return became;
}

/** A copy to damage, beside the intact one, so that relative paths lead where they led. */
export function damagedCopy(intact: string, root: string, { change }: HostileCase): string {
  const copy = join(root, 'damaged');
  cpSync(intact, copy, { recursive: true });
  change(copy);
  return copy;
}

/** Exit code 2, one line of four parts that is not endless, and no folder, whole or half. */
export function expectRefused(ended: Ended, said: RegExp, place: string): void {
  const line = refusalOf(ended);
  expect(line.length).toBeLessThan(2500);
  expect(line).toMatch(said);
  expect(existsSync(place) ? readdirSync(place) : []).toEqual([]);
}

/** Every tensor of a checkpoint of one file, read without the code under test: dtype, shape and bytes by name. */
function tensorsIn(folder: string): Map<string, string> {
  const { header, data } = readParts(join(folder, 'model.safetensors'));
  const { __metadata__, ...tensors } = JSON.parse(header) as Header;
  const entries = Object.entries(tensors).map(([name, { dtype, shape, data_offsets }]): [string, string] => {
    const bytes = data.subarray(data_offsets[0], data_offsets[1]).toString('base64');
    return [name, `${dtype} [${shape}] ${bytes}`];
  });
  return new Map(entries.sort());
}

/** The two parts of a safetensors file after its length word. */
export function readParts(path: string): { header: string; data: Buffer } {
  const bytes = readFileSync(path);
  const end = 8 + Number(bytes.readBigUInt64LE());
  return { header: bytes.toString('latin1', 8, end), data: bytes.subarray(end) };
}

/** Writes a JSON file of a folder in another way. */
export function editJson(
  folder: string,
  file: string,
  change: (json: Record<string, unknown>) => unknown,
): void {
  edit(folder, file, (text) => JSON.stringify(change(JSON.parse(text) as Record<string, unknown>)));
}

export function edit(folder: string, file: string, change: (text: string) => string | Buffer): void {
  const path = join(folder, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}
