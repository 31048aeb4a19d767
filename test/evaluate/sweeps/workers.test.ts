import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { closeSweep, openSweep } from '../../../src/evaluate/open-sweep.ts';
import { runSweep } from '../../../src/evaluate/run-sweep.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { countingProgress, dumpOf, writeSweep, writeTrio } from '../trio.ts';

const folder = tempFolder();

beforeAll(() => writeTrio(folder));

/** What a whole sweep stores in this many workers, its progress and its notes. */
async function sweptIn(workers: number) {
  const output = join(folder, `in-${workers}`);
  const notes: string[] = [];
  const progress = { ...countingProgress(), note: (text: string) => notes.push(text) };
  const curves = [{ model: 'soft', reference: 'sft' }];
  const path = writeSweep(folder, { kl: { positions: 4, curves } });
  const sweep = await openSweep(path, { progress, workers, output });
  try {
    await runSweep(sweep);
  } finally {
    closeSweep(sweep);
  }
  return { stored: dumpOf(output), computed: progress.computed, notes };
}

describe('a sweep in 1, 2 and 3 workers', () => {
  it('stores the same responses, verdicts, KL values, loglikelihoods and scores, and notes its workers', async () => {
    const one = await sweptIn(1);
    expect(one.notes).toContain('1 worker with all cores (as --workers demands)');
    for (const workers of [2, 3]) {
      const { stored, computed, notes } = await sweptIn(workers);
      expect(stored).toEqual(one.stored);
      expect(computed).toEqual(one.computed);
      expect(notes).toContainEqual(
        expect.stringMatching(`^${workers} workers with (one thread|\\d+ threads) \\(`),
      );
    }
  }, 180_000);
});
