/** Ray on some nodes, beside this machine's engine and under every fault. */
import { join } from 'node:path';
import { seededRandom } from '../../../test/support/random.ts';
import type { Finding } from '../finding.ts';
import { type Beside, besideLocal, besideText } from './beside-local.ts';
import { TOLERANCE } from './differences.ts';
import { FAULTS, type Fault, type FaultName } from './faults.ts';
import type { Machine } from './network.ts';
import { rayNodes } from './ray-nodes.ts';
import { type SweepSize, writeServeFile } from './sweep.ts';
import {
  type Arena,
  localSweep,
  type Outcome,
  type StoredRows,
  tryFault,
  type Undisturbed,
  undisturbed,
} from './trial.ts';

export interface ClusterTrials {
  readonly machines: readonly Machine[];
  /** For logs, sockets and results. */
  readonly folder: string;
  readonly python: string;
  readonly size: SweepSize;
  readonly faults: readonly FaultName[];
  readonly seed: number;
}

/** A near-tie may fall otherwise. */
const FEW_VERDICTS = 0.01;

export async function breakNodes(trials: ClusterTrials): Promise<Finding[]> {
  const { machines, folder, python, size, faults, seed } = trials;
  const count = machines.length;
  const { path: serveFile, replicas } = writeServeFile(folder, size, count);
  const nodes = rayNodes({ machines, python, folder, serveFile, replicas });
  const arena: Arena = { folder, nodes, size };
  await timed(`${count} nodes with ${replicas} replicas started`, () => nodes.restart());
  for (const { machine, model } of nodes.replicas()) console.log(`  ${model} on ${machine.label}`);
  const wanted = await timed('an undisturbed sweep', () => undisturbed(arena));
  console.log(`  stored: ${countsOf(wanted.rows)}`);
  await timed('the same on this machine’s engine', () => localSweep(arena));
  const found = [besideFinding(count, arena, wanted.rows)];
  for (const name of faults) found.push(await breakBy(name, seed, arena, wanted));
  return found;
}

function besideFinding(count: number, { folder }: Arena, rows: StoredRows): Finding {
  const besides = besideLocal(join(folder, 'undisturbed', 'out'), join(folder, 'local', 'out'));
  for (const beside of besides) console.log(besideText(beside));
  return {
    what: `${count} nodes on Ray, undisturbed, beside this machine’s engine`,
    tries: countsOf(rows),
    promise:
      'the same answers with their ids, the same verdicts but for 1 % of near-ties, KL and loglikelihoods to 1e-4',
    differences: besides.filter(isFar).map(({ what, different }) => `${what}: ${different.length} differ`),
  };
}

function isFar({ what, total, different, largest }: Beside): boolean {
  const allowed = what === 'verdict texts' ? FEW_VERDICTS * total : 0;
  return different.length > allowed || largest > TOLERANCE;
}

async function breakBy(name: FaultName, seed: number, arena: Arena, wanted: Undisturbed): Promise<Finding> {
  const fault: Fault = FAULTS[name];
  const { what, promise, rounds } = fault;
  const count = 1 + arena.nodes.workers.length;
  const random = seededRandom(1000 * seed + 10 * count + Object.keys(FAULTS).indexOf(name));
  const hits: Outcome[] = [];
  const differences: string[] = [];
  // Where the sweep ended before the moment that was drawn, another one is drawn.
  for (let tries = 0; hits.length < rounds && tries < rounds + 4; tries++) {
    const outcome = await timed(`${count} nodes, ${what}`, () => tryFault(arena, fault, wanted, random));
    console.log(outcomeText(outcome));
    differences.push(...outcome.differences);
    if (!outcome.isHit) continue;
    hits.push(outcome);
    await fault.mend?.(arena.nodes);
  }
  if (hits.length < rounds) differences.push(`${hits.length} of ${rounds} struck in time`);
  return { what: `${count} nodes on Ray: ${what}`, tries: triesText(hits), promise, differences };
}

/** What each hit, and with what code every call ended. */
function triesText(hits: readonly Outcome[]): string {
  return hits.map(({ hit, codes }) => `${hit}: ${codes.join(', then ')}`).join('; ');
}

function outcomeText({ hit, isHit, stored, codes, largest, differences }: Outcome): string {
  const when = `${isHit ? '' : 'too late; '}stored before: ${countsOf(stored)}`;
  const head = `  ${hit}; ${when}; codes ${codes.join(', ')}; largest distance ${largest.toExponential(1)}`;
  return [head, ...differences.map((difference) => `  × ${difference}`)].join('\n');
}

function countsOf({ generation, judgement, kl_value, likelihood }: StoredRows): string {
  return `${generation} answers, ${judgement} verdicts, ${kl_value} KL values, ${likelihood} loglikelihoods`;
}

async function timed<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const startedAt = performance.now();
  const result = await work();
  console.log(`${what}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  return result;
}
