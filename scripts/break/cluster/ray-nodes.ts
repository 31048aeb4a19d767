/** Ray on machines of a network: the first is the head, and scripts/serve runs there. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killAll, type Machine, on, pidsOn } from './network.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const GCS_PORT = 6379;
const PORT = 8000;
/** Ray takes seconds to start on a free machine, minutes on a busy one. */
const START_MS = 1_200_000;
const POLL_MS = 500;
/** On a busy machine one node or other does not start in the time that Ray gives it. */
const START_TRIES = 3;

/** Ray's own times are for a machine of each node alone, whose workers may be nice to others. */
const PATIENT = {
  OMP_NUM_THREADS: '1',
  RAY_USAGE_STATS_ENABLED: '0',
  // Once a cluster of this machine alone has left a token in the home folder, only heads would ask for it.
  RAY_AUTH_MODE: 'disabled',
  RAY_worker_niceness: '0',
  RAY_enable_worker_prestart: '0',
  RAY_worker_register_timeout_seconds: '300',
  RAY_SERVE_PROXY_READY_CHECK_TIMEOUT_S: '120',
  RAY_SERVE_PROXY_HEALTH_CHECK_TIMEOUT_S: '60',
};

export interface Replica {
  readonly pid: number;
  /** A model's name; `http`: what answers HTTP. */
  readonly model: string;
  readonly machine: Machine;
}

export interface RayNodes {
  readonly head: Machine;
  /** The machines that are not the head. */
  readonly workers: readonly Machine[];
  readonly baseUrl: string;
  /** Kills what runs, then starts all nodes and the server, until it is ready and every replica is there. */
  restart(): Promise<void>;
  replicas(): Replica[];
  /** Waits until as many replicas live as the server's file names. */
  whole(): Promise<void>;
}

interface RayOptions {
  readonly machines: readonly Machine[];
  readonly python: string;
  /** For logs; its path is short, since sockets lie below it. */
  readonly folder: string;
  readonly serveFile: string;
  /** Over all models, and the one that answers HTTP. */
  readonly replicas: number;
}

export function rayNodes({ machines, python, folder, serveFile, replicas: wanted }: RayOptions): RayNodes {
  const [head, ...workers] = machines as [Machine, ...Machine[]];
  const log = join(folder, 'ray.log');
  const address = `${head.address}:${GCS_PORT}`;
  const root = `http://${head.address}:${PORT}`;
  const tryStart = (machine: Machine, args: readonly string[]) =>
    finished(
      launch([...on(machine), python, '-m', 'ray.scripts.scripts', 'start', ...args, ...sizes(machine)], log),
      () => `Ray on ${machine.label}; its last words: ${lastWords(log)}`,
    );
  const start = async (machine: Machine, args: readonly string[]) => {
    for (let tries = 1; tries < START_TRIES; tries++) {
      try {
        return await tryStart(machine, args);
      } catch {
        killAll(machine);
      }
    }
    return tryStart(machine, args);
  };
  const startNode = (machine: Machine) => start(machine, ['--address', address]);
  const replicas = () => machines.flatMap(replicasOn);
  const whole = () => until(() => replicas().length >= wanted, `${wanted} replicas`);
  return {
    head,
    workers,
    baseUrl: `${root}/v1`,
    replicas,
    whole,
    async restart() {
      machines.forEach(killAll);
      await start(head, ['--head', '--include-dashboard=false', '--temp-dir', join(folder, 'ray')]);
      await Promise.all(workers.map(startNode));
      const script = join(ROOT, 'scripts', 'serve', 'on_ray.py');
      const server = launch([...on(head), python, script, serveFile, '--address', address], log);
      await until(() => {
        if (server.exitCode !== null) throw new Error(`the server ended: ${lastWords(log)}`);
        return isReady(root);
      }, `a server at ${root}`);
      await whole();
    },
  };
}

/** Small: several nodes share this machine. */
const sizes = ({ address }: Machine) => [
  ...['--node-ip-address', address, '--num-cpus', '1', '--object-store-memory', '100000000'],
  ...['--disable-usage-stats', '--include-log-monitor=false'],
];

/** Ray gives a process the name of what it runs, also of what it begins. */
function replicasOn(machine: Machine): Replica[] {
  return pidsOn(machine).flatMap((pid) => {
    const [, model, doing] = /ServeReplica:sorted-eval:([^.\s\0]+)\.?(\w*)/.exec(titleOf(pid)) ?? [];
    if (model === undefined || doing === '__init__') return [];
    return [{ pid, model, machine }];
  });
}

function titleOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function launch([program, ...args]: readonly string[], log: string): ChildProcess {
  const out = openSync(log, 'a');
  const env = { ...process.env, ...PATIENT };
  try {
    return spawn(program!, args, { detached: true, stdio: ['ignore', out, out], env });
  } finally {
    closeSync(out);
  }
}

function finished(child: ChildProcess, what: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`expected ${what()}, found code ${code}`)),
    );
  });
}

const lastWords = (log: string) => readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n');

async function isReady(root: string): Promise<boolean> {
  try {
    return (await fetch(`${root}/ready`, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}

/** @throws Error where it takes longer than a start may */
async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + START_MS;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`expected ${what} within ${START_MS / 1000} s`);
    await sleep(POLL_MS);
  }
}
