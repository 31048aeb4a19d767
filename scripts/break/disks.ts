/** A disk that is full at a random moment: a small tmpfs where this process may mount one, else a limit on file sizes. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeSweep } from '../../test/evaluate/trio.ts';
import type { Random } from '../../test/support/random.ts';
import { type Arena, differenceIn, SWEEP } from './arena.ts';
import { describeEnd, isDone, isRefused, runCommand } from './command.ts';
import type { Finding } from './finding.ts';

/** What an undisturbed sweep needs of a disk, in kB: results file, log, imports, figures. */
const NEEDED_KB = 1500;
const ROOMY = 'size=64m';

/** @returns nothing where this process may not mount */
export async function breakByFullDisks(arena: Arena, random: Random, tries: number): Promise<Finding[]> {
  const differences: string[] = [];
  let full = 0;
  for (let trial = 0; trial < tries; trial++) {
    const folder = arena.newFolder();
    const output = join(folder, 'out');
    mkdirSync(output);
    const kilobytes = 40 + random.below(NEEDED_KB);
    if (!mount(output, `size=${kilobytes}k`)) return [];
    try {
      const path = writeSweep(folder, SWEEP);
      const ended = await runCommand(['sweep', path]);
      if (!isDone(ended)) full++;
      if (!isDone(ended) && !isRefused(ended)) differences.push(`${kilobytes} kB: ${describeEnd(ended)}`);
      execFileSync('mount', ['-o', `remount,${ROOMY}`, output]);
      const again = await runCommand(['sweep', path]);
      if (!isDone(again)) differences.push(`${kilobytes} kB, with room again: ${describeEnd(again)}`);
      const difference = differenceIn(output, arena.undisturbed);
      if (difference !== undefined) differences.push(`${kilobytes} kB: ${difference}`);
    } finally {
      execFileSync('umount', [output]);
    }
  }
  return [
    {
      what: 'Disks of a random size, then room again',
      tries: `${full} of ${tries} were full`,
      promise: 'one line and exit code 2; then the content of an undisturbed run',
      differences,
    },
  ];
}

function mount(folder: string, size: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
