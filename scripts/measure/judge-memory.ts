/**
 * Measures the memory of a judge at int8: the import, then a sweep in which it judges one pair in both orders, each in a
 * process of its own.
 *
 *     python scripts/train/large_checkpoint.py /big/pandalm-7b
 *     npx tsx scripts/measure/judge-memory.ts /big/pandalm-7b [folder on the disk to measure on] [tokens of a verdict]
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMeasured } from './measured-process.ts';

const [checkpoint, place = tmpdir(), tokens = '4'] = process.argv.slice(2);
if (!checkpoint) throw new Error('give a checkpoint');
const root = mkdtempSync(join(place, 'sorted-eval-judge-'));
try {
  const folder = join(root, 'judge');
  report('import', await runMeasured('src/bin.ts', ['import', checkpoint, folder, '--precision', 'int8']));
  const { size } = statSync(join(folder, 'quantised.safetensors'));
  console.log(`weights: ${megabytes(size)} MB`);
  for (const decoding of ['verdict-only', 'beams']) {
    const sweep = writeSweep(decoding);
    const args = ['sweep', sweep, '--workers', '1'];
    report(`judging, ${decoding}`, await runMeasured('src/bin.ts', args));
  }
} finally {
  rmSync(root, { recursive: true });
}

function writeSweep(decoding: string): string {
  const instruction = 'Name a color.';
  write('instructions.json', [{ instruction }]);
  for (const output of ['red', 'blue']) write(`${output}.json`, [{ instruction, output, exit: 1 }]);
  return write(`${decoding}.yaml`, {
    name: decoding,
    instructions: 'instructions.json',
    models: { red: { answers: 'red.json' }, blue: { answers: 'blue.json' } },
    comparisons: [{ a: 'red', b: 'blue' }],
    judge: { path: 'judge', decoding, maxNewTokens: Number(tokens) },
    limits: { malformedShare: 1 },
    output: decoding,
  });
}

/** JSON is YAML too. */
function write(name: string, value: unknown): string {
  writeFileSync(join(root, name), JSON.stringify(value));
  return join(root, name);
}

function report(title: string, { seconds, peakBytes }: { seconds: number; peakBytes: number }): void {
  console.log(`${title}: ${seconds.toFixed(0)} s, ${megabytes(peakBytes)} MB of memory`);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
