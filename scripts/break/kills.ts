/** Random kills: of the process group, of the shell that started the sweep alone, and of a worker thread. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeSweep } from '../../test/evaluate/trio.ts';
import type { Random } from '../../test/support/random.ts';
import { type Arena, differenceIn, SWEEP } from './arena.ts';
import { describeEnd, type Ended, isDone, runCommand, startCommand } from './command.ts';
import type { Finding } from './finding.ts';

const VICTIMS = ['process group', 'parent', 'worker thread'] as const;
type Victim = (typeof VICTIMS)[number];
/** Kills of one sweep, before it may end. */
const KILLS_PER_SWEEP = 8;

/** Ends every worker thread this long after its start, whatever it does. */
const DEATH = `import threads from 'node:worker_threads';
import { syncBuiltinESMExports } from 'node:module';
threads.Worker = class extends threads.Worker {
  constructor(...args) {
    super(...args);
    setTimeout(() => this.terminate(), Number(process.env.BREAK_THREAD_MS)).unref();
  }
};
syncBuiltinESMExports();`;

/** Kills sweeps until `kills` hit one that ran; each sweep is then finished and compared. */
export async function breakByKills(arena: Arena, random: Random, kills: number): Promise<Finding[]> {
  const hits = new Map<Victim, number>(VICTIMS.map((victim) => [victim, 0]));
  const differences: string[] = [];
  let sweeps = 0;
  while ([...hits.values()].reduce((sum, count) => sum + count, 0) < kills) {
    const folder = arena.newFolder();
    const path = writeSweep(folder, SWEEP);
    sweeps++;
    for (let kill = 0; kill < KILLS_PER_SWEEP; kill++) {
      const victim = VICTIMS[random.below(VICTIMS.length)]!;
      const isHit = await killOnce(victim, path, random.uniform() * arena.durationMs, arena);
      hits.set(victim, hits.get(victim)! + Number(isHit));
    }
    const ended = await runCommand(['sweep', path]);
    if (!isDone(ended)) differences.push(`killed sweep ${sweeps} ${describeEnd(ended)}`);
    const difference = differenceIn(join(folder, 'out'), arena.undisturbed);
    if (difference !== undefined) differences.push(`killed sweep ${sweeps}: ${difference}`);
  }
  const counts = [...hits].map(([victim, count]) => `${count} of the ${victim}`).join(', ');
  return [
    {
      what: 'Sweeps killed at random moments, then finished',
      tries: `${[...hits.values()].reduce((sum, count) => sum + count, 0)} kills (${counts}) of ${sweeps} sweeps`,
      promise: 'the content of an undisturbed run',
      differences,
    },
  ];
}

/** @returns whether it still ran */
async function killOnce(victim: Victim, path: string, afterMs: number, { root }: Arena): Promise<boolean> {
  if (victim === 'worker thread') return !isDone(await runDoomed(path, afterMs, root));
  const { pid, ended } = startCommand(['sweep', path], { throughShell: victim === 'parent' });
  await Promise.race([sleep(afterMs), ended]);
  try {
    // Killed alone, a shell leaves its sweep running: the next command waits for it.
    process.kill(victim === 'parent' ? pid : -pid, 'SIGKILL');
  } catch {
    // It had ended.
  }
  return (await ended).signal === 'SIGKILL';
}

function runDoomed(path: string, afterMs: number, root: string): Promise<Ended> {
  const script = join(root, 'death.mjs');
  writeFileSync(script, DEATH);
  // Threads start later than the process, and several follow each other.
  const env = { NODE_OPTIONS: `--import ${script}`, BREAK_THREAD_MS: String(Math.round(afterMs / 4)) };
  return runCommand(['sweep', path], { env });
}
