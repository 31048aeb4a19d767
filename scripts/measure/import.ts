/**
 * Measures how long an import takes, how much memory and how much disk: checkpoints of the shapes of real ones, whose files
 * are sparse and take no disk themselves.
 *
 *     npx tsx scripts/measure/import.ts [folder on the disk to measure on] [name, as in the output …]
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Architecture } from '../../src/model/checkpoint/architecture.ts';
import {
  LLAMA_2_13B,
  LLAMA_3_2_1B,
  LLAMA_7B,
  writeSparseAdapter,
  writeSparseCheckpoint,
} from '../../test/support/sparse-checkpoint.ts';
import { runMeasured } from './measured-process.ts';

interface Model {
  readonly architecture: Architecture;
  readonly shards: number;
  readonly format: 'safetensors' | 'torch';
  readonly precisions: readonly ('fp32' | 'int8' | 'int4')[];
  /** Of a LoRA adapter of all projections. */
  readonly rank?: number;
}

const MODELS: Readonly<Record<string, Model>> = {
  'LLaMA-2-13B': { architecture: LLAMA_2_13B, shards: 3, format: 'safetensors', precisions: ['fp32'] },
  'LLaMA-3.2-1B': {
    architecture: LLAMA_3_2_1B,
    shards: 1,
    format: 'safetensors',
    precisions: ['int8', 'int4'],
  },
  'LLaMA-3.2-1B.lora': {
    architecture: LLAMA_3_2_1B,
    shards: 1,
    format: 'safetensors',
    precisions: ['fp32', 'int8'],
    rank: 16,
  },
  'LLaMA-7B.bin': { architecture: LLAMA_7B, shards: 2, format: 'torch', precisions: ['fp32', 'int8'] },
};

const [place = tmpdir(), ...chosen] = process.argv.slice(2);
const root = mkdtempSync(join(place, 'sorted-eval-import-'));
try {
  for (const [name, { architecture, shards, format, precisions, rank }] of Object.entries(MODELS)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const checkpoint = join(root, name);
    writeSparseCheckpoint(checkpoint, architecture, shards, format);
    const adapter = join(root, `${name}-adapter`);
    if (rank !== undefined) writeSparseAdapter(adapter, architecture, rank);
    const [source, base] = rank === undefined ? [checkpoint, []] : [adapter, ['--base', checkpoint]];
    for (const precision of precisions) await measure(name, source, ['--precision', precision, ...base]);
  }
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
  console.log(`${[title, ...options.slice(0, 2)].join(' ')}: ${facts.join(', ')}`);
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
