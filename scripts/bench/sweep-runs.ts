import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { runProgram } from './child.ts';
import { countingRuns, readRuns, type SessionRuns } from './session-runs.ts';

const NANO = 'eval-data/nano';

/** Runs a sweep of the nano trio from nothing, as a user would, and takes its results away again. */
export async function runNanoSweep(
  work: string,
  name: string,
  change: (sweep: Record<string, unknown>) => Record<string, unknown>,
): Promise<{ seconds: number; peakMemoryMb: number; runs: SessionRuns }> {
  const output = resolve(work, name);
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const sweep = parse(readFileSync(join(NANO, 'sweep.yaml'), 'utf8')) as Record<string, unknown>;
  const file = join(output, 'sweep.yaml');
  writeFileSync(file, stringify({ ...change(withPaths(sweep)), output }));
  const place = join(output, 'runs.jsonl');
  const counting = countingRuns(place);
  const run = await runProgram(
    process.execPath,
    [...counting.args, 'dist/bin.js', 'sweep', file],
    counting.env,
  );
  const { code, errors, seconds, peakMemoryMb } = run;
  // 3: finished, and one of its own checks failed.
  if (code !== 0 && code !== 3) throw new Error(`the sweep ${file} ended with ${code}:\n${errors}`);
  const runs = readRuns(place);
  rmSync(output, { recursive: true });
  return { seconds, peakMemoryMb, runs };
}

/** Paths of a sweep file are relative to it, and this one lies elsewhere. */
function withPaths(sweep: Record<string, unknown>): Record<string, unknown> {
  const models = sweep['models'] as Record<string, { path: string }>;
  const judge = sweep['judge'] as { path: string };
  const place = <T extends { path: string }>(part: T): T => ({ ...part, path: resolve(NANO, part.path) });
  return {
    ...sweep,
    instructions: resolve(NANO, sweep['instructions'] as string),
    models: Object.fromEntries(Object.entries(models).map(([name, model]) => [name, place(model)])),
    judge: place(judge),
  };
}
