/** The servers of docs/server-api.md, each with the same checkpoints of the nano run and a key. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { adaptiveNamed, speculativeNamed } from '../../../src/sources/dynamic/dynamic-names.ts';
import { nanoCheckpoint, serve } from '../served.ts';

export const KEY = 'a-key-of-the-tests';
export const MAX_BODY_KB = 64;
const MODELS = ['sft', 'soft', 'judge'] as const;
const ROOT = join(import.meta.dirname, '..', '..', '..');
const PYTHON = process.env['SORTED_EVAL_SERVE_PYTHON'] ?? 'python3';
const KEY_VARIABLE = 'SORTED_EVAL_TEST_KEY';

export interface TestedServer {
  /** Without `/v1`. */
  readonly url: string;
  end(): Promise<unknown>;
}

/** `sorted-eval serve`. */
export async function serveHere(folder: string): Promise<TestedServer> {
  for (const name of MODELS)
    importCheckpoint(nanoCheckpoint(name), join(folder, name), { precision: 'fp32' });
  return serve(
    MODELS.map((name) => join(folder, name)),
    {
      key: KEY,
      maxBodyBytes: 1000 * MAX_BODY_KB,
      dynamic: [adaptiveNamed('0.9')!, adaptiveNamed('carried:0.9')!, speculativeNamed('4:3')!],
    },
  );
}

/** Why scripts/serve cannot run here; undefined: it can. */
export function whyNoPython(): string | undefined {
  const imports = 'import fastapi, pydantic, torch, transformers, uvicorn, yaml';
  const { status } = spawnSync(PYTHON, ['-c', imports], { stdio: 'ignore' });
  if (status === 0) return undefined;
  return `${PYTHON} lacks scripts/serve/requirements.txt; SORTED_EVAL_SERVE_PYTHON names one that has them`;
}

/** scripts/serve in one process, without Ray. */
export function serveWithPython(folder: string): Promise<TestedServer> {
  return startPython(folder, ['one_process.py', '--threads', '1'], 0);
}

/** Whether scripts/serve on Ray is asked, too: by hand, since Ray takes minutes to start. */
export const isOnRay = process.env['SORTED_EVAL_SERVE_ON_RAY'] === '1';

/** scripts/serve on a cluster of this machine alone. */
export async function serveOnRay(folder: string): Promise<TestedServer> {
  return startPython(folder, ['on_ray.py'], await freePort());
}

async function startPython(folder: string, [script, ...args]: string[], port: number): Promise<TestedServer> {
  const file = join(folder, `${script}.yaml`);
  // On Ray, all replicas must find room on a machine of one core.
  const models = Object.fromEntries(MODELS.map((name) => [name, { path: nanoCheckpoint(name), cpus: 0.2 }]));
  writeFileSync(file, stringify({ port, apiKeyEnv: KEY_VARIABLE, maxBodyKB: MAX_BODY_KB, models }));
  const path = join(ROOT, 'scripts', 'serve', script!);
  const child = spawn(PYTHON, [path, ...args, file], {
    // A cluster of this machine alone would leave a token in the home folder.
    env: { ...process.env, [KEY_VARIABLE]: KEY, OMP_NUM_THREADS: '1', RAY_AUTH_MODE: 'disabled' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { url: await addressOf(child), end: () => endOf(child) };
}

/** Ray prints the port that it was told. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function addressOf(child: ChildProcess): Promise<string> {
  for await (const line of createInterface(child.stdout!)) {
    if (line.startsWith('http')) return line.replace(/\/v1$/, '');
  }
  throw new Error('the server ended before it listened');
}

async function endOf(child: ChildProcess): Promise<unknown> {
  child.kill('SIGTERM');
  return child.exitCode ?? once(child, 'exit');
}
