/**
 * Measures how fast a model responds with its cores divided in other ways: workers × threads, with and
 * without the copies of weights that ONNX Runtime packs for its products. Variants run in turn, round by round,
 * so that a machine whose speed drifts treats them alike.
 *
 *     npx tsx scripts/measure/workers.ts <model folder> <instructions.json> 1x2,2x1,1x2-unpacked,2x1-unpacked [rounds] [prompts] [tokens] [batch]
 *
 * Prints the tokens of a second (median, least, most), memory (proportional set size: a page of a file that
 * several sessions share counts once) and a hash of all ids.
 */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { alignedText } from '../../src/terminal/terminal-layout.ts';

const [folder, instructions, names, rounds = '3', ...rest] = process.argv.slice(2);
if (!names) throw new Error('usage: workers.ts <model folder> <instructions.json> <variants> [rounds …]');

interface Run {
  readonly tokens: number;
  readonly seconds: number;
  readonly megabytes: number;
  readonly ids: readonly string[];
}

const runs = new Map(names.split(',').map((name) => [name, [] as Run[]]));
for (let round = 0; round < Number(rounds); round++) {
  for (const [name, own] of runs) own.push(await measure(name));
}

const number = (values: readonly number[], at: number) => values.toSorted((a, b) => a - b)[at]!.toFixed(0);
const rows = [...runs].map(([name, own]) => {
  const speeds = own.map(({ tokens, seconds }) => tokens / seconds);
  const hash = createHash('sha256').update(own[0]!.ids.toSorted().join('\n')).digest('hex');
  return [
    name,
    number(speeds, Math.floor(speeds.length / 2)),
    `${number(speeds, 0)}–${number(speeds, speeds.length - 1)}`,
    number(
      own.map(({ megabytes }) => megabytes),
      0,
    ),
    hash.slice(0, 12),
  ];
});
console.log(alignedText([['', 'tokens/s', 'range', 'MB', 'ids'], ...rows]));

/** `2x1-unpacked`: two workers of one thread each, without packed weights. */
function measure(name: string): Promise<Run> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'scripts/measure/workers-run.ts', name, folder!, instructions!, ...rest],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let stdout = '';
  child.stdout.on('data', (data: Buffer) => {
    stdout += data;
  });
  return new Promise((resolve, reject) => {
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(stdout)) : reject(new Error(`${code}`))));
  });
}
