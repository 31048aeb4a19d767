/** Damaged inputs of every kind: each must be read, or refused with one line. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Arena } from './arena.ts';
import type { Finding } from './finding.ts';

/** A mutation that takes longer hangs. */
const MAX_MS = 30_000;
const MUTANT = join(import.meta.dirname, 'mutant.ts');

interface Report {
  readonly index: number;
  readonly kind?: string;
  readonly code?: number;
  readonly stderr?: string;
  /** Other numbers were printed from a results file that SQLite calls damaged. */
  readonly isOther?: boolean;
}

/** @param results a results file to damage */
export async function breakByMutations(
  arena: Arena,
  results: string,
  seed: number,
  count: number,
): Promise<Finding[]> {
  const differences: string[] = [];
  const tally = { read: 0, refused: 0 };
  const kinds = new Set<string>();
  let next = 0;
  let kind = '';
  const take = (report: Report) => {
    if (report.kind !== undefined) {
      kinds.add(report.kind);
      kind = report.kind;
      return;
    }
    next = report.index + 1;
    if (report.isOther) differences.push(`${kind}, mutation ${report.index}: other numbers`);
    else if (report.code === 0 || report.code === 3) tally.read++;
    else if (report.code === 2 && isOneLine(report.stderr!)) tally.refused++;
    else differences.push(`${kind}, mutation ${report.index}: ${report.code} ${report.stderr!.slice(-500)}`);
  };
  while (next < count) {
    const folder = join(arena.root, `mutants-${next}`);
    const before = next;
    const ending = await runMutants([folder, results, `${seed}`, `${next}`, `${count}`], take);
    rmSync(folder, { recursive: true, force: true });
    if (next >= count) break;
    if (kind === '' && next === before) throw new Error(`no mutation could be tried: ${ending}`);
    differences.push(`${kind}, mutation ${next}: ${ending}`);
    next++;
  }
  return [
    {
      what: `Damaged inputs of ${kinds.size} kinds`,
      tries: `${count} mutations: ${tally.read} read, ${tally.refused} refused`,
      promise:
        'read (a results file: as stored, or damaged where SQLite cannot see it), or refused with one line and exit code 2',
      differences,
    },
  ];
}

const isOneLine = (stderr: string) =>
  /(^|\n)sorted-eval: [^\n]+\n$/.test(stderr) && !/\n {4}at /.test(stderr);

/** @returns how the process ended: killed because it hung, or by itself */
function runMutants(args: readonly string[], take: (report: Report) => void): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--max-old-space-size=1000', MUTANT, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => {
    stderr = (stderr + data).slice(-500);
  });
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => child.kill('SIGKILL'), MAX_MS);
  };
  wait();
  createInterface(child.stdout).on('line', (line) => {
    wait();
    take(JSON.parse(line) as Report);
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve(
        signal === null ? `ended with ${code}: ${stderr}` : `hung for ${MAX_MS / 1000} s or was killed`,
      );
    });
  });
}
