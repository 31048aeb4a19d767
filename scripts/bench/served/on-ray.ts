/** scripts/serve on Ray, on some cores of this machine alone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import { onCores } from './measure.ts';

const PORT = 8437;

export interface OnRay {
  readonly baseUrl: string;
  end(): Promise<unknown>;
}

interface OnRayOptions {
  readonly python: string;
  readonly folder: string;
  readonly checkpoint: string;
  readonly replicas: number;
  /** The first ones of this machine. */
  readonly cores: number;
}

/** Waits until the server says that it serves. @throws Error where it ends before */
export async function openOnRay({
  python,
  folder,
  checkpoint,
  replicas,
  cores,
}: OnRayOptions): Promise<OnRay> {
  const file = join(folder, 'serve.yaml');
  // Ray counts the http replica, too. PyTorch takes one thread of whatever is below two.
  const models = { model: { path: checkpoint, replicas, cpus: 0.4 } };
  writeFileSync(file, stringify({ port: PORT, models }));
  const script = join(import.meta.dirname, '..', '..', 'serve', 'on_ray.py');
  const [program, ...args] = [...onCores(cores), python, script, file];
  const env = {
    ...process.env,
    OMP_NUM_THREADS: '1',
    RAY_USAGE_STATS_ENABLED: '0',
    RAY_AUTH_MODE: 'disabled',
    RAY_worker_niceness: '0',
  };
  const child = spawn(program!, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = join(folder, 'ray.log');
  child.stderr.pipe(createWriteStream(log));
  process.once('exit', () => child.kill());
  const end = async () => {
    child.kill('SIGTERM');
    return child.exitCode ?? once(child, 'exit');
  };
  const lines = createInterface(child.stdout);
  for await (const line of lines) if (line.startsWith('http')) return { baseUrl: line, end };
  // The log goes with the folder.
  throw new Error(
    `the server ended before it listened: ${readFileSync(log, 'utf8').trim().split('\n').at(-1)}`,
  );
}
