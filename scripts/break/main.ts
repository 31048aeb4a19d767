/**
 * Tries to break the program and writes what came of it into docs/reliability.md: `npm run break`.
 *
 *     tsx scripts/break/main.ts [--short] [--seed 1] [--only kills,disks,together,servers,mutations]
 *
 * Seeded: the same seed makes the same choices. `--short` takes less than a minute and writes nothing. Ends with 1 if a promise
 * was broken.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import compileSources from '../../test/support/compile-sources.ts';
import { seededRandom } from '../../test/support/random.ts';
import { openArena } from './arena.ts';
import { breakByFullDisks } from './disks.ts';
import { type Finding, findingTable } from './finding.ts';
import { breakByKills } from './kills.ts';
import { breakByMutations } from './mutations.ts';
import { writeTable } from './page.ts';
import { breakByServers } from './servers.ts';
import { breakSideBySide } from './together.ts';

/** How often each, in the whole proof and in the short one. */
const AMOUNTS = {
  whole: { kills: 100, disks: 16, rounds: 1, combinations: 8, instructions: 40, mutations: 1200 },
  short: { kills: 3, disks: 1, rounds: 1, combinations: 1, instructions: 4, mutations: 120 },
};

const { values } = parseArgs({
  options: { short: { type: 'boolean' }, seed: { type: 'string', default: '1' }, only: { type: 'string' } },
});
const seed = Number(values.seed);
/** Of each part its own: a part alone makes the same choices. */
const random = () => seededRandom(seed);
const amounts = AMOUNTS[values.short ? 'short' : 'whole'];

compileSources();
const arena = await openArena();
console.log(`An undisturbed sweep took ${(arena.durationMs / 1000).toFixed(1)} s.`);
const results = join(arena.root, 'trial-1', 'out', 'results.db');
const parts: Readonly<Record<string, () => Promise<Finding[]>>> = {
  mutations: () => breakByMutations(arena, results, seed, amounts.mutations),
  servers: () => breakByServers(arena, seed, amounts.instructions),
  together: () => breakSideBySide(arena, amounts.rounds, amounts.combinations),
  disks: () => breakByFullDisks(arena, random(), amounts.disks),
  kills: () => breakByKills(arena, random(), amounts.kills),
};
const chosen = values.only?.split(',') ?? Object.keys(parts);
const findings: Finding[] = [];
for (const name of chosen) {
  const startedAt = performance.now();
  const found = await parts[name]!();
  findings.push(...found);
  console.log(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  for (const { differences } of found) for (const difference of differences) console.log(`  × ${difference}`);
  // After each part: the proof takes a while.
  if (!values.short && values.only === undefined) writeTable('break', findingTable(findings));
}
console.log(findingTable(findings));
process.exitCode = findings.some(({ differences }) => differences.length > 0) ? 1 : 0;
