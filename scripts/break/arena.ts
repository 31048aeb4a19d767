/** Folders in which the same tiny sweep runs again and again, and what it leaves when nothing disturbs it. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { dumpOf, writeInstructions, writeSweep, writeTrio } from '../../test/evaluate/trio.ts';
import type { ContentDump } from '../../test/support/content-dump.ts';
import { describeEnd, isDone, runCommand } from './command.ts';

export interface Arena {
  readonly root: string;
  /** A new folder with the checkpoints, the instructions and nothing else. */
  newFolder(): string;
  /** What an undisturbed sweep leaves, and how long it took. */
  readonly undisturbed: ContentDump;
  readonly durationMs: number;
}

const CHECKPOINTS = ['sft', 'soft', 'early-exit', 'judge'];

/** The sweep of all trials: two models at two exits, judged, KL and speed measured. */
export const SWEEP = {
  models: { sft: { path: 'sft', exits: [2, 4] }, soft: { path: 'soft', exits: [2, 4] } },
  comparisons: [{ a: 'soft', b: 'sft' }],
  generation: { maxNewTokens: 4, batchSize: 4 },
};

export async function openArena(): Promise<Arena> {
  const root = mkdtempSync(join(tmpdir(), 'sorted-eval-break-'));
  process.on('exit', () => rmSync(root, { recursive: true, force: true }));
  writeTrio(root);
  let folders = 0;
  const newFolder = () => {
    const folder = join(root, `trial-${++folders}`);
    mkdirSync(folder);
    for (const name of CHECKPOINTS) symlinkSync(join(root, name), join(folder, name));
    writeInstructions(folder, 4);
    return folder;
  };
  const folder = newFolder();
  const startedAt = performance.now();
  const ended = await runCommand(['sweep', writeSweep(folder, SWEEP)]);
  if (!isDone(ended)) throw new Error(`the undisturbed sweep ${describeEnd(ended)}`);
  const durationMs = performance.now() - startedAt;
  return { root, newFolder, undisturbed: dumpOf(join(folder, 'out')), durationMs };
}

/** The first table in which two results files differ, or undefined. */
export function firstDifference(found: ContentDump, wanted: ContentDump): string | undefined {
  const tables = new Set([...Object.keys(found), ...Object.keys(wanted)]);
  return [...tables].find((table) => !isDeepStrictEqual(found[table], wanted[table]));
}

/** Compares a results file with an undisturbed one; a file that cannot be read is a difference, too. */
export function differenceIn(output: string, wanted: ContentDump): string | undefined {
  try {
    const table = firstDifference(dumpOf(output), wanted);
    return table && `table ${table} differs`;
  } catch (error) {
    return `unreadable: ${(error as Error).message}`;
  }
}
