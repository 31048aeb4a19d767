import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measured } from './types.ts';

const POLL_MS = 100;
const ERROR_CHARACTERS = 4000;
/** Exit code of a baseline whose packages are not installed. */
const MISSING = 3;

/** Why a baseline is left out: reported, but not an error. */
export class Skipped extends Error {}

/**
 * Runs a program of scripts/bench/programs in a process of its own, so that memory and threads are its own, and hands
 * it the job. @throws Skipped where the program says (exit code 3) that what it needs is not installed
 */
export function runTypeScript<Job, Result>(file: string, job: Job): Promise<Measured<Result>> {
  const path = join(import.meta.dirname, 'programs', file);
  return runJob(process.execPath, ['--import', 'tsx', path], job);
}

/** The same for a Python program of scripts/train/baselines. */
export function runPython<Job, Result>(python: string, file: string, job: Job): Promise<Measured<Result>> {
  return runJob(python, [join(import.meta.dirname, '../train/baselines', file)], job);
}

async function runJob<Job, Result>(
  program: string,
  args: readonly string[],
  job: Job,
): Promise<Measured<Result>> {
  const folder = mkdtempSync(join(tmpdir(), 'sorted-eval-bench-'));
  const [jobPath, resultPath] = [join(folder, 'job.json'), join(folder, 'result.json')];
  try {
    writeFileSync(jobPath, JSON.stringify(job));
    const run = await runProgram(program, [...args, jobPath, resultPath]);
    const { code, errors, peakMemoryMb } = run;
    if (code === MISSING) throw new Skipped(errors.trim().split('\n').at(-1));
    if (code !== 0 || !existsSync(resultPath)) throw new Error(`${args[0]} ended with ${code}:\n${errors}`);
    return { result: JSON.parse(readFileSync(resultPath, 'utf8')) as Result, peakMemoryMb };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface ProgramRun {
  readonly code: number | null;
  readonly seconds: number;
  /** The largest that Linux counted as resident; 0 elsewhere. */
  readonly peakMemoryMb: number;
  /** The end of what it wrote to stderr. */
  readonly errors: string;
}

/**
 * Runs a program to its end.
 * @param env added to this process's own
 * @throws Skipped where there is no such program
 */
export function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramRun> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...env },
    });
    let [errors, peakMemoryMb] = ['', 0];
    child.stderr.on('data', (chunk) => {
      errors = (errors + chunk).slice(-ERROR_CHARACTERS);
    });
    const timer = setInterval(() => {
      peakMemoryMb = Math.max(peakMemoryMb, residentPeakMb(child.pid));
    }, POLL_MS);
    child.on('error', (cause) => {
      clearInterval(timer);
      reject(new Skipped(`${program} does not start: ${cause.message}`));
    });
    child.on('close', (code) => {
      clearInterval(timer);
      resolve({ code, seconds: (performance.now() - startedAt) / 1000, peakMemoryMb, errors });
    });
  });
}

function residentPeakMb(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
