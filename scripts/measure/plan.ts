/**
 * What `plan --measure` says of a sweep beside what it then takes:
 *
 *     npx tsx scripts/measure/plan.ts [sweep.yaml] [seconds, default 60] [instructions, default all]
 *
 * Every stage runs in a folder that is removed again, each in a process of its own, whose largest memory and wall time are
 * measured, without Node's start. The command of answers measures speeds, too. Memory of the plan is that of one worker for each
 * core. A machine that does other work gives other numbers.
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
import { runMeasured } from './measured-process.ts';

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
  const start = await runMeasured(BIN, ['--version']);
  const stage = (name: string) => runMeasured(BIN, [name, file, '--quiet']);
  const generated = await stage('generate');
  const judged = await stage('judge');
  const forced = [await stage('kl'), await stage('likelihood')] as const;
  const results = join(output, RESULTS_FILE);
  const store = openReadOnlyStore(results);
  const { rows } = store.get<{ rows: number }>('SELECT count(*) AS rows FROM judgement', {})!;
  store.close();
  const workers = plan.models.flatMap(({ workerBytes }) => workerBytes ?? []);
  const hours = plan.hours!;
  console.log(hours.basis);
  row('', 'plan', 'run', 'off by');
  const took = ({ seconds }: { readonly seconds: number }) => seconds - start.seconds;
  const planned = [
    (hours.answers ?? 0) + (hours.speed ?? 0),
    hours.verdicts,
    hours.kl,
    hours.loglikelihoods,
  ].map((part) => 3600 * (part ?? 0));
  const real = [generated, judged, ...forced].map(took);
  for (const [place, what] of ['answers and speed', 'verdicts', 'KL', 'loglikelihoods'].entries())
    beside(`${what}, s`, planned[place]!, real[place]!);
  const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);
  beside('together, s', sum(planned), sum(real));
  beside('distinct verdicts', plan.verdicts?.prompts ?? 0, rows);
  beside('results file, MB', plan.diskBytes / 1e6, statSync(results).size / 1e6);
  const cores = availableParallelism();
  beside('memory of answers, MB', (cores * Math.max(...workers)) / 1e6, generated.peakBytes / 1e6);
  const ofJudge = plan.verdicts?.workerBytes ?? 0;
  beside('memory of verdicts, MB', (cores * ofJudge) / 1e6, judged.peakBytes / 1e6);
}

function beside(what: string, planned: number, real: number): void {
  const share = (100 * (planned - real)) / real;
  row(what, planned.toFixed(1), real.toFixed(1), `${share > 0 ? '+' : ''}${share.toFixed(0)} %`);
}

function row(what: string, ...numbers: readonly string[]): void {
  console.log(what.padEnd(26) + numbers.map((text) => text.padStart(12)).join(''));
}
