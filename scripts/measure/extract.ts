/**
 * Measures how long an extraction takes and how much memory: 12 layers of checkpoints of LLaMA-2-7B's shape, whose files
 * are sparse and take no disk themselves. What is extracted takes 5.4 GB of disk meanwhile.
 *
 *     npx tsx scripts/measure/extract.ts [folder on the disk to measure on]
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LLAMA_2_7B, writeSparseCheckpoint } from '../../test/support/sparse-checkpoint.ts';
import { runMeasured } from './measured-process.ts';

const EXIT = 12;

const root = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'sorted-eval-extract-'));
try {
  for (const format of ['safetensors', 'torch'] as const) await measure(format);
} finally {
  rmSync(root, { recursive: true });
}

async function measure(format: 'safetensors' | 'torch'): Promise<void> {
  const [checkpoint, out] = [join(root, format), join(root, 'out')];
  writeSparseCheckpoint(checkpoint, LLAMA_2_7B, 3, format);
  const args = ['extract', checkpoint, out, '--exit', `${EXIT}`];
  const { seconds, peakBytes } = await runMeasured('src/bin.ts', args);
  const files = readdirSync(out).filter((name) => name.endsWith('.safetensors'));
  const sizes = files.map((name) => `${(statSync(join(out, name)).size / 1e9).toFixed(3)} GB`);
  console.log(
    `LLaMA-2-7B in ${format} files at exit ${EXIT}: ${seconds.toFixed(1)} s, ${Math.round(peakBytes / 1e6)} MB of memory, files of ${sizes.join(' and ')}`,
  );
  rmSync(out, { recursive: true });
}
