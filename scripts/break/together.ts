/** Four sweeps at once, in every combination of same or other results file, name and exits. */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { dumpOf, writeSweep } from '../../test/evaluate/trio.ts';
import type { ContentDump } from '../../test/support/content-dump.ts';
import { type Arena, SWEEP } from './arena.ts';
import { describeEnd, isDone, runCommand } from './command.ts';
import type { Finding } from './finding.ts';

const OTHER_EXITS = { models: { ...SWEEP.models, soft: { path: 'soft', exits: [3, 4] } } };
const BOTH = [false, true];
const COMBINATIONS = BOTH.flatMap((otherFile) =>
  BOTH.flatMap((otherName) => BOTH.map((otherExits) => ({ otherFile, otherName, otherExits }))),
);
type Combination = (typeof COMBINATIONS)[number];

/** @param combinations how many of the eight, from the last */
export async function breakSideBySide(
  arena: Arena,
  rounds: number,
  combinations = COMBINATIONS.length,
): Promise<Finding[]> {
  const alone = await aloneWithOtherExits(arena);
  const differences: string[] = [];
  const chosen = COMBINATIONS.slice(-combinations);
  for (let round = 0; round < rounds; round++) {
    for (const combination of chosen) differences.push(...(await runFour(arena, alone, combination)));
  }
  return [
    {
      what: 'Four sweeps at once: same or other results file, name and exits',
      tries: `${4 * rounds * chosen.length} sweeps in ${chosen.length} combinations`,
      promise: 'all end; every run has the content that it has alone',
      differences,
    },
  ];
}

async function aloneWithOtherExits(arena: Arena): Promise<ContentDump> {
  const folder = arena.newFolder();
  const ended = await runCommand(['sweep', writeSweep(folder, { ...SWEEP, ...OTHER_EXITS })]);
  if (!isDone(ended)) throw new Error(`the undisturbed sweep ${describeEnd(ended)}`);
  return dumpOf(join(folder, 'out'));
}

/** Two sweeps of each of two kinds. */
async function runFour(arena: Arena, alone: ContentDump, combination: Combination): Promise<string[]> {
  const { otherFile, otherName, otherExits } = combination;
  const folder = arena.newFolder();
  const second = {
    ...(otherFile && { output: 'other' }),
    ...(otherName && { name: 'another' }),
    ...(otherExits && OTHER_EXITS),
  };
  const paths = [{}, second].map((changes, index) =>
    writeSweep(folder, { ...SWEEP, ...changes }, `${index}.yaml`),
  );
  const ended = await Promise.all([...paths, ...paths].map((path) => runCommand(['sweep', path])));
  const where = JSON.stringify(combination);
  const failed = ended.filter((end) => !isDone(end)).map((end) => `${where} ${describeEnd(end)}`);
  const wanted = [arena.undisturbed, otherExits ? alone : arena.undisturbed].map((dump) => runsOf(dump)[0]!);
  const found = (otherFile ? ['out', 'other'] : ['out']).flatMap((name) =>
    runsOf(dumpOf(join(folder, name))),
  );
  const expected = isDeepStrictEqual(second, {}) ? wanted.slice(0, 1) : wanted;
  const missing = expected.filter((rows) => !found.some((other) => isDeepStrictEqual(rows, other)));
  const extra = found.length === expected.length ? [] : [`${where} ${found.length} runs`];
  return [...failed, ...missing.map(() => `${where} a run differs from the one alone`), ...extra];
}

/** Rows by table of each run, without its key, and without the setup, which names the output folder. */
function runsOf(dump: ContentDump): object[] {
  const tables = Object.entries(dump).filter(([table]) => table !== 'run');
  return dump['run']!.map(({ run }) =>
    Object.fromEntries(
      tables.map(([table, rows]) => [
        table,
        rows.filter((row) => row['run'] === run).map(({ run: _, ...row }) => row),
      ]),
    ),
  );
}
