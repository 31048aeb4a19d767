/**
 * Measures how long an import takes, how much memory and how much disk: a checkpoint of LLaMA-2-13B's shape,
 * whose files are sparse and take no disk themselves, and one of LLaMA-3.2-1B's, quantised.
 *
 *     npx tsx scripts/measure/import.ts [folder on the disk to measure on]
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LLAMA_2_13B, LLAMA_3_2_1B, writeSparseCheckpoint } from '../../test/support/sparse-checkpoint.ts';
import { runMeasured } from './measured-process.ts';

const root = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'sorted-eval-import-'));
try {
  const checkpoint = join(root, 'llama-2-13b');
  writeSparseCheckpoint(checkpoint, LLAMA_2_13B, 3);
  await measure('LLaMA-2-13B', checkpoint, []);
  const small = join(root, 'llama-3.2-1b');
  writeSparseCheckpoint(small, LLAMA_3_2_1B, 1);
  for (const precision of ['int8', 'int4']) await measure('LLaMA-3.2-1B', small, ['--precision', precision]);
} finally {
  rmSync(root, { recursive: true });
}

async function measure(title: string, checkpoint: string, options: readonly string[]): Promise<void> {
  const out = join(root, 'out');
  const { seconds, peakBytes } = await runMeasured('src/bin.ts', ['import', checkpoint, out, ...options]);
  const facts = [
    `${gigabytes(bytesOf(checkpoint))} GB in bfloat16`,
    `${seconds.toFixed(1)} s`,
    `${Math.round(peakBytes / 1e6)} MB of memory`,
    `${(newBytesOf(out) / 1e6).toFixed(1)} MB of new files`,
  ];
  console.log(`${[title, ...options].join(' ')}: ${facts.join(', ')}`);
  rmSync(out, { recursive: true });
}

function bytesOf(folder: string): number {
  return filesOf(folder).reduce((sum, { size }) => sum + size, 0);
}

/** A file with a second name, that in the checkpoint, is no new one. */
function newBytesOf(folder: string): number {
  return filesOf(folder).reduce((sum, { size, nlink }) => sum + (nlink > 1 ? 0 : size), 0);
}

function filesOf(folder: string) {
  return readdirSync(folder).map((name) => statSync(join(folder, name)));
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(3);
}
