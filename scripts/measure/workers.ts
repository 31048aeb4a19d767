/**
 * Measures how fast a model responds, or judges, with the cores divided in other ways: workers × threads, with
 * and without the copies of weights that ONNX Runtime packs for its products. Variants run in turn, round by
 * round, so that a machine whose speed drifts treats them alike; the median of the rounds' ratios to the first
 * variant is printed with its range.
 *
 *     npx tsx scripts/measure/workers.ts responses <model folder> <instructions.json> 1x2,2x1,2x1-divided,2x1-unpacked [rounds] [prompts] [tokens] [batch]
 *     npx tsx scripts/measure/workers.ts judge <model folder> <labelled pairs.json> 1x2,2x1 [rounds] [pairs] [tokens] [batch]
 *
 * Memory is the proportional set size: a page of a file that several sessions share counts once. The hash is of
 * all ids or texts.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { alignedText } from '../../src/terminal/terminal-layout.ts';

interface Run {
  readonly tokens: number;
  readonly seconds: number;
  readonly megabytes: number;
  readonly results: readonly string[];
}

const [kind, folder, path, names, rounds = '3', ...rest] = process.argv.slice(2);
if (!names)
  throw new Error('usage: workers.ts responses|judge <folder> <prompts.json> <variants> [rounds …]');

const runs = new Map(names.split(',').map((name) => [name, [] as Run[]]));
for (let round = 0; round < Number(rounds); round++) {
  for (const [name, own] of runs) own.push(await measure(name));
  print();
}

function print(): void {
  const first = [...runs.values()][0]!;
  const rows = [...runs].map(([name, own]) => {
    const ratios = own.map((run, round) => speedOf(run) / speedOf(first[round]!));
    const hash = createHash('sha256').update(own[0]!.results.toSorted().join('\n'));
    return [
      name,
      middle(own.map(speedOf)).toFixed(0),
      `${middle(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`,
      middle(own.map(({ megabytes }) => megabytes)).toFixed(0),
      hash.digest('hex').slice(0, 12),
    ];
  });
  console.log(alignedText([[`${first.length} rounds`, 'tokens/s', 'ratio', 'MB', 'hash'], ...rows]));
}

function speedOf({ tokens, seconds }: Run): number {
  return tokens / seconds;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** `2x1`: two workers of one thread each; `-unpacked`: without packed weights; `-divided`: each with half a batch. */
function measure(name: string): Promise<Run> {
  const script = 'scripts/measure/workers-run.ts';
  const child = spawn(process.execPath, ['--import', 'tsx', script, kind!, name, folder!, path!, ...rest], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.on('data', (data: Buffer) => {
    stdout += data;
  });
  return new Promise((resolve, reject) => {
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(stdout)) : reject(new Error(`${script} ended with ${code}`)),
    );
  });
}
