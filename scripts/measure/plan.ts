/**
 * What `plan --measure` says of a sweep beside what it then takes:
 *
 *     npx tsx scripts/measure/plan.ts [sweep.yaml] [seconds, default 60] [instructions, default all]
 *
 * Every stage runs in a folder that is removed again, each in a process of its own, whose largest memory and wall time are
 * measured, without Node's start and opening the sweep. Memory of the plan is that of one worker for each core. A machine that
 * does other work gives other numbers.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { NANO_SWEEP } from '../../src/config/nano-run.ts';
import { RESULTS_FILE } from '../../src/config/results-file.ts';
import { readSweepConfig } from '../../src/config/sweep-file.ts';
import type { SweepOutlook } from '../../src/evaluate/outlook/sweep-outlook.ts';
import { openReadOnlyStore } from '../../src/store/database.ts';
import { type Measured, runMeasured } from './measured-process.ts';

const [sweep = NANO_SWEEP, seconds = '60', limit] = process.argv.slice(2);
const BIN = join(import.meta.dirname, '..', '..', 'src', 'bin.ts');
const folder = mkdtempSync(join(tmpdir(), 'sorted-eval-plan-'));
try {
  await compare();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compare(): Promise<void> {
  const { config } = readSweepConfig(sweep);
  const file = join(folder, 'sweep.yaml');
  const output = join(folder, 'out');
  const limited = { ...config, ...(limit !== undefined && { limit: Number(limit) }), output };
  writeFileSync(file, stringify(JSON.parse(JSON.stringify(limited))));
  const { stdout } = await runMeasured(BIN, ['plan', file, '--measure', seconds, '--format', 'json']);
  const plan = JSON.parse(stdout) as SweepOutlook;
  const { basis, ...hours } = plan.hours!;
  const stage = (name: string) => runMeasured(BIN, [name, file, '--quiet']);
  const generated = await stage('generate');
  const timed = await stage('speed');
  const judged = await stage('judge');
  const kl = await stage('kl');
  const likelihood = await stage('likelihood');
  // All is stored: what is left is Node's start and opening the sweep.
  const opening = await stage('likelihood');
  const took = ({ seconds }: Measured) => seconds - opening.seconds;
  const parts: readonly (readonly [string, number | null, number])[] = [
    ['answers', hours.answers, took(generated)],
    ['speed', hours.speed, took(timed)],
    ['verdicts', hours.verdicts, took(judged)],
    ['KL', hours.kl, took(kl)],
    ['loglikelihoods', hours.loglikelihoods, took(likelihood)],
  ];
  console.log(basis);
  row('', 'plan', 'run', 'off by');
  for (const [name, planned, real] of parts) beside(`${name}, s`, 3600 * (planned ?? 0), real);
  const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);
  beside(
    'together, s',
    sum(parts.map(([, planned]) => 3600 * (planned ?? 0))),
    sum(parts.map(([, , real]) => real)),
  );
  const results = join(output, RESULTS_FILE);
  beside('distinct verdicts', plan.verdicts?.prompts ?? 0, rowsIn(results));
  beside('results file, MB', plan.diskBytes / 1e6, statSync(results).size / 1e6);
  const cores = availableParallelism();
  const workers = plan.models.flatMap(({ workerBytes }) => workerBytes ?? []);
  beside('memory of answers, MB', (cores * Math.max(...workers)) / 1e6, generated.peakBytes / 1e6);
  const ofJudge = plan.verdicts?.workerBytes ?? 0;
  beside('memory of verdicts, MB', (cores * ofJudge) / 1e6, judged.peakBytes / 1e6);
}

function rowsIn(results: string): number {
  const store = openReadOnlyStore(results);
  const { rows } = store.get<{ rows: number }>('SELECT count(*) AS rows FROM judgement', {})!;
  store.close();
  return rows;
}

function beside(what: string, planned: number, real: number): void {
  const share = (100 * (planned - real)) / real;
  row(what, planned.toFixed(1), real.toFixed(1), `${share > 0 ? '+' : ''}${share.toFixed(0)} %`);
}

function row(what: string, ...numbers: readonly string[]): void {
  console.log(what.padEnd(26) + numbers.map((text) => text.padStart(12)).join(''));
}
