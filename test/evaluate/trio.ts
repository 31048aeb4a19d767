import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { RESULTS_FILE } from '../../src/config/results-file.ts';
import { type Progress, silentProgress } from '../../src/core/progress.ts';
import { closeSweep, openSweep, type Sweep } from '../../src/evaluate/open-sweep.ts';
import { openReadOnlyStore, type Store } from '../../src/store/database.ts';
import { type ContentDump, contentDump } from '../support/content-dump.ts';
import { type CheckpointOptions, writeRandomCheckpoint } from '../support/random-checkpoint.ts';

const SHAPE: CheckpointOptions = { layers: 4, contextLength: 640, exits: [2, 3, 4] };

/** Writes `sft`, `soft`, `early-exit` (its base is `sft`) and `judge` into `folder`, and six instructions. */
export function writeTrio(folder: string, shape: CheckpointOptions = {}): void {
  const write = (name: string, options: CheckpointOptions) =>
    writeRandomCheckpoint(join(folder, name), { ...SHAPE, ...shape, ...options });
  write('sft', { kind: 'sft', seed: 1 });
  write('soft', { kind: 'soft', seed: 2 });
  write('early-exit', { kind: 'early-exit', seed: 1, base: join(folder, 'sft') });
  writeRandomCheckpoint(join(folder, 'judge'), { layers: 2, contextLength: 640, seed: 3 });
  writeInstructions(folder, 6);
}

export function writeInstructions(folder: string, count: number): void {
  const records = Array.from({ length: count }, (_, index) => ({
    instruction: `Add ${index} and 1.`,
    input: index % 3 === 0 ? 'Write digits.' : '',
    output: `${index + 1}`,
  }));
  writeFileSync(join(folder, 'instructions.json'), JSON.stringify(records));
}

type SweepFileObject = Record<string, unknown>;

/** The paper's comparisons and curves over the trio of `writeTrio`, small. */
export const TRIO_SWEEP: SweepFileObject = {
  name: 'trio',
  instructions: 'instructions.json',
  models: { sft: { path: 'sft' }, soft: { path: 'soft' }, 'early-exit': { path: 'early-exit' } },
  comparisons: [
    { a: 'soft', b: 'sft' },
    { a: 'soft', b: 'early-exit' },
  ],
  generation: { maxNewTokens: 5, batchSize: 8 },
  judge: { path: 'judge', decoding: 'verdict-only', maxNewTokens: 3, batchSize: 16 },
  kl: { positions: 4, curves: [{ model: 'soft', reference: 'sft' }] },
  speed: { batchSizes: [1], steps: 2 },
  output: 'out',
};

/** Writes a sweep file; keys given as undefined are left out. */
export function writeSweep(folder: string, changes: SweepFileObject = {}, file = 'sweep.yaml'): string {
  const path = join(folder, file);
  writeFileSync(path, stringify(JSON.parse(JSON.stringify({ ...TRIO_SWEEP, ...changes }))));
  return path;
}

/** Opens a sweep for the time of `use`. */
export async function withSweep<T>(
  path: string,
  use: (sweep: Sweep) => T | Promise<T>,
  progress: Progress = silentProgress,
): Promise<T> {
  const sweep = await openSweep(path, { progress });
  try {
    return await use(sweep);
  } finally {
    closeSweep(sweep);
  }
}

/** Counts units of work that were computed, by label; what was known already does not count. */
export function countingProgress(): Progress & { readonly computed: Map<string, number> } {
  const computed = new Map<string, number>();
  return {
    computed,
    note: () => {},
    start: (label) => ({
      advance: (units) => void computed.set(label, (computed.get(label) ?? 0) + units),
      end: () => {},
    }),
  };
}

export function dumpOf(output: string): ContentDump {
  return withResults(output, contentDump);
}

export function withResults<T>(output: string, use: (store: Store) => T): T {
  const store = openReadOnlyStore(join(output, RESULTS_FILE));
  try {
    return use(store);
  } finally {
    store.close();
  }
}
