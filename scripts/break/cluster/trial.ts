/** One sweep, struck by a fault, and then called until nothing is missing. */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dumpOf, withResults } from '../../../test/evaluate/trio.ts';
import type { ContentDump } from '../../../test/support/content-dump.ts';
import type { Random } from '../../../test/support/random.ts';
import { describeEnd, type Ended, isDone, type RunningCommand, startCommand } from '../command.ts';
import { differencesOf } from './differences.ts';
import type { Fault } from './faults.ts';
import { kill } from './network.ts';
import type { RayNodes } from './ray-nodes.ts';
import { type SweepSize, writeLocalSweep, writeServedSweep } from './sweep.ts';

const MAX_CALLS = 5;
const POLL_MS = 300;
const MAX_DELAY_MS = 8000;
/** A lost server is waited for no longer: the trial starts it again itself. */
const WAIT_SECONDS = 15;
/** Tables that a sweep fills as it goes. */
const STORED = ['generation', 'judgement', 'kl_value', 'likelihood'] as const;
export type StoredRows = Readonly<Record<(typeof STORED)[number], number>>;

export interface Arena {
  readonly folder: string;
  readonly nodes: RayNodes;
  readonly size: SweepSize;
}

export interface Outcome {
  readonly calls: number;
  /** Of each call. */
  readonly codes: readonly (number | string | null)[];
  readonly hit: string;
  /** When the fault struck. */
  readonly stored: StoredRows;
  /** The sweep had not stored everything yet; otherwise nothing struck. */
  readonly isHit: boolean;
  readonly largest: number;
  readonly differences: readonly string[];
}

export interface Undisturbed {
  readonly dump: ContentDump;
  readonly rows: StoredRows;
}

/** What a sweep leaves that nothing disturbs. */
export async function undisturbed({ folder, nodes, size }: Arena): Promise<Undisturbed> {
  const output = await finish(writeServedSweep(join(folder, 'undisturbed'), nodes.baseUrl, size));
  return { dump: dumpOf(output), rows: storedRows(output) };
}

/** The same sweep on this machine's engine, into `local`. */
export async function localSweep({ folder, size }: Arena): Promise<void> {
  await finish(writeLocalSweep(join(folder, 'local'), size));
}

/** @returns its output folder. @throws Error where something is missing */
async function finish(path: string): Promise<string> {
  const ended = await start(path).ended;
  if (!isDone(ended) || isIncomplete(ended)) throw new Error(`the sweep ${path} ${describeEnd(ended)}`);
  return join(dirname(path), 'out');
}

export async function tryFault(
  arena: Arena,
  fault: Fault,
  wanted: Undisturbed,
  random: Random,
): Promise<Outcome> {
  const { nodes, size } = arena;
  const folder = join(arena.folder, 'disturbed');
  const output = join(folder, 'out');
  rmSync(folder, { recursive: true, force: true });
  const path = writeServedSweep(folder, nodes.baseUrl, size);
  const command = start(path);
  const killHarness = () => kill(-command.pid);
  const stored = await waitForRows(fault, output, wanted.rows, command.ended, random);
  const isHit = STORED.some((table) => stored[table] < wanted.rows[table]);
  const hit = isHit ? fault.strike({ nodes, random, killHarness }) : 'nothing';
  const ends: [Ended, ...Ended[]] = [await command.ended];
  if (isHit) await fault.before?.(nodes);
  while (isIncomplete(ends.at(-1)!) && ends.length < MAX_CALLS) ends.push(await start(path).ended);
  const { lines, largest } = compared(output, wanted.dump);
  return {
    ...{
      calls: ends.length,
      codes: ends.map(({ code, signal }) => signal ?? code),
      hit,
      stored,
      isHit,
      largest,
    },
    differences: [...badEnds(isHit ? fault : {}, ends), ...lines],
  };
}

/** It ends with this process. */
function start(path: string): RunningCommand {
  const command = startCommand(['sweep', path, '--wait-for-server', `${WAIT_SECONDS}`]);
  const killIt = () => kill(-command.pid);
  process.once('exit', killIt);
  void command.ended.then(() => process.removeListener('exit', killIt));
  return command;
}

/** It was killed, or a server did not answer. */
function isIncomplete({ code, stderr }: Ended): boolean {
  return code === null || (code === 3 && /missing|did not answer|Start the server/i.test(stderr));
}

function badEnds({ code }: Pick<Fault, 'code'>, ends: readonly [Ended, ...Ended[]]): string[] {
  const [first, ...others] = ends;
  const expected = code === undefined ? isDone(first) : code === (first.code ?? 'killed');
  const bad = others.filter((end) => !isDone(end));
  const last = ends.at(-1)!;
  return [...(expected ? [] : [first]), ...bad, ...(isIncomplete(last) ? [last] : [])].map(
    (end) => `the sweep ${describeEnd(end)}`,
  );
}

/** Until some seconds after a share of the answers is stored, both drawn: all later stages take little longer. */
async function waitForRows(
  { isFromTheStart }: Fault,
  output: string,
  wanted: StoredRows,
  ended: Promise<Ended>,
  random: Random,
): Promise<StoredRows> {
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  if (isFromTheStart) return storedRows(output);
  const share = random.uniform();
  while (storedRows(output).generation < share * wanted.generation && !hasEnded) await sleep(POLL_MS);
  await Promise.race([sleep(random.uniform() * MAX_DELAY_MS), ended]);
  return storedRows(output);
}

function storedRows(output: string): StoredRows {
  const count = (table: string) => `(SELECT count(*) FROM ${table}) AS ${table}`;
  try {
    return withResults(output, (store) => store.get<StoredRows>(`SELECT ${STORED.map(count).join(', ')}`)!);
  } catch {
    // Not there yet.
    return { generation: 0, judgement: 0, kl_value: 0, likelihood: 0 };
  }
}

function compared(output: string, wanted: ContentDump) {
  try {
    return differencesOf(dumpOf(output), wanted);
  } catch (error) {
    return { lines: [`unreadable: ${(error as Error).message}`], largest: 0 };
  }
}
