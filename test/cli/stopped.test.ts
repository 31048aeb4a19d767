import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { openReadOnlyStore, type Store } from '../../src/store/database.ts';
import { dumpOf, writeInstructions, writeSweep, writeTrio } from '../evaluate/trio.ts';
import { seededRandom } from '../support/random.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Ended, runBin } from './run.ts';

const TABLES = ['generation', 'judgement', 'kl'] as const;
const DONE = [0, 3];

/** A copy of the same sweep in a folder of its own, large enough to be stopped in the middle. */
function newSweep(): { readonly path: string; readonly output: string } {
  const folder = tempFolder();
  writeTrio(folder);
  writeInstructions(folder, 16);
  const curves = ['soft', 'sft', 'early-exit'].map((model) => ({ model, reference: 'sft' }));
  const generation = { maxNewTokens: 32, batchSize: 4 };
  const path = writeSweep(folder, { generation, kl: { positions: 20, curves } });
  return { path, output: join(folder, 'out') };
}

let undisturbed: ReturnType<typeof dumpOf>;

beforeAll(async () => {
  const { path, output } = newSweep();
  const { code, stderr } = await runBin(['sweep', path]);
  expect(DONE, stderr).toContain(code);
  undisturbed = dumpOf(output);
});

describe('a sweep that is killed', () => {
  it('has after five kills and a last run what an undisturbed run has', async () => {
    const { path, output } = newSweep();
    const random = seededRandom(5);
    const total = TABLES.reduce((sum, table) => sum + undisturbed[table]!.length, 0);
    for (const share of [0.05, 0.25, 0.45, 0.65, 0.85]) {
      const units = (share + random.uniform() * 0.1) * total;
      const { signal } = await stopWhen(
        ['sweep', path],
        output,
        'SIGKILL',
        (store) => countOf(store) >= units,
      );
      expect(signal).toBe('SIGKILL');
    }
    const { code, stderr } = await runBin(['sweep', path]);
    expect(DONE, stderr).toContain(code);
    expect(dumpOf(output)).toEqual(undisturbed);
  });
});

describe('Ctrl-C or SIGTERM', () => {
  it('ends each stage with 130 and one line, and the same command goes on to the same content', async () => {
    const { path, output } = newSweep();
    for (const [command, table, signal] of [
      ['generate', 'generation', 'SIGINT'],
      ['judge', 'judgement', 'SIGTERM'],
      ['kl', 'kl', 'SIGINT'],
    ] as const) {
      const ended = await stopWhen([command, path], output, signal, (store) => countOf(store, [table]) > 0);
      expect(ended.code, `${command}: ${ended.stderr}`).toBe(130);
      expect(ended.stderr).toMatch(/\nInterrupted\. [^\n]+; the same command goes on from there\.\n$/);
      const stored = dumpOf(output)[table]!.length;
      expect(stored).toBeGreaterThan(0);
      expect(stored).toBeLessThan(undisturbed[table]!.length);
      expect((await runBin([command, path])).code).toBe(0);
      expect(dumpOf(output)[table]).toEqual(undisturbed[table]);
    }
    expect(DONE).toContain((await runBin(['sweep', path])).code);
    expect(dumpOf(output)).toEqual(undisturbed);
  });
});

/** Runs a command and sends it a signal as soon as its results are so far. */
function stopWhen(
  args: readonly string[],
  output: string,
  signal: NodeJS.Signals,
  isFar: (store: Store) => boolean,
): Promise<Ended> {
  return runBin(args, async (kill, ended) => {
    const path = join(output, 'results.db');
    while (!ended()) {
      if (existsSync(path) && isFarIn(path, isFar)) return kill(signal);
      await sleep(5);
    }
  });
}

/** A file that is just being made has no tables yet. */
function isFarIn(path: string, isFar: (store: Store) => boolean): boolean {
  try {
    const store = openReadOnlyStore(path);
    try {
      return isFar(store);
    } finally {
      store.close();
    }
  } catch {
    return false;
  }
}

function countOf(store: Store, tables: readonly string[] = TABLES): number {
  const counts = tables.map((table) => store.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n);
  return counts.reduce((sum, count) => sum + count, 0);
}
