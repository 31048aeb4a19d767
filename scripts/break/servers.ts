/** A server of which every third request fails, in all the ways there are. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { dumpOf, writeInstructions, writeSweep } from '../../test/evaluate/trio.ts';
import { completion, FAULT_KINDS, openServer, type Received } from '../../test/support/open-server.ts';
import { type Arena, differenceIn } from './arena.ts';
import { describeEnd, isDone, runCommand } from './command.ts';
import type { Finding } from './finding.ts';

const FAULTS = 0.3;
/** Calls of the same command, at most: a request that failed in one is sent again in the next. */
const MAX_CALLS = 5;

export async function breakByServers(arena: Arena, seed: number, instructions: number): Promise<Finding[]> {
  const server = await openServer(speak, { seed, kinds: FAULT_KINDS });
  try {
    const sweepIn = (folder: string) => {
      writeInstructions(folder, instructions);
      return writeSweep(folder, servedSweep(server.baseUrl));
    };
    const undisturbed = arena.newFolder();
    const first = await runCommand(['sweep', sweepIn(undisturbed)]);
    if (!isDone(first)) throw new Error(`the undisturbed sweep ${describeEnd(first)}`);
    const asked = server.received.length;
    server.setFaults(FAULTS);
    const folder = arena.newFolder();
    const differences = await finish(sweepIn(folder));
    const wanted = dumpOf(join(undisturbed, 'out'));
    const difference = differenceIn(join(folder, 'out'), wanted);
    if (difference !== undefined) differences.push(difference);
    const requests = server.received.slice(asked);
    const faults = requests.filter(({ outcome }) => outcome !== 'answered');
    return [
      {
        what: 'A server that fails at 30 % of requests',
        tries: `${requests.length} requests, ${faults.length} faults of ${new Set(faults.map(({ outcome }) => outcome)).size} kinds`,
        promise: 'the content of a run at a server without faults',
        differences,
      },
    ];
  } finally {
    server.close();
  }
}

/** Calls the same command until nothing is missing. */
async function finish(path: string): Promise<string[]> {
  for (let call = 0; call < MAX_CALLS; call++) {
    const ended = await runCommand(['sweep', path]);
    if (!isDone(ended)) return [`a sweep at a faulty server ${describeEnd(ended)}`];
    if (!ended.stderr.includes('Missing:')) return [];
  }
  return [`results are missing after ${MAX_CALLS} calls`];
}

function servedSweep(baseUrl: string): Record<string, unknown> {
  const endpoint = { baseUrl, concurrency: 16, timeoutSeconds: 1, maxTries: 12, backoffSeconds: 0.01 };
  const modelAt = (name: string) => ({ endpoint, exits: { 2: `${name}-2`, 4: `${name}-4` } });
  return {
    models: { sft: modelAt('sft'), soft: modelAt('soft') },
    comparisons: [{ a: 'soft', b: 'sft' }],
    judge: { endpoint, model: 'judge' },
    kl: undefined,
    speed: undefined,
  };
}

/** The same to the same prompt. */
function speak({ body }: Received) {
  const hash = createHash('sha256').update(String(body['prompt'])).digest();
  if (body.model !== 'judge') return completion(`${body.model} says ${hash[0]}`);
  return completion(`${['1', '2', 'Tie'][hash[0]! % 3]}\n\n### Reason: ${hash[1]}`);
}
