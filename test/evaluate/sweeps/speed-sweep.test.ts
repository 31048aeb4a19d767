import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { silentProgress } from '../../../src/core/progress.ts';
import { openSweep } from '../../../src/evaluate/open-sweep.ts';
import { speedStage } from '../../../src/evaluate/stages/speed-stage.ts';
import type { Store } from '../../../src/store/database.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { countingProgress, withSweep, writeInstructions, writeSweep } from '../trio.ts';

const folder = tempFolder();
const CONTEXT = 190;
/** Four steps before the clock starts, and one token of a prompt. */
const MOST_STEPS = CONTEXT - 5;

beforeAll(() => {
  writeRandomCheckpoint(join(folder, 'm'), { layers: 2, contextLength: CONTEXT });
  writeInstructions(folder, 1);
});

const repetitionsIn = ({ store, run }: { store: Store; run: string }) =>
  store.all<Record<string, number>>(
    'SELECT * FROM speed_repetitions WHERE run = @run ORDER BY exit, batch_size, repetition',
    { run },
  );

const sweepWith = (speed: object, output = 'out') =>
  writeSweep(folder, {
    models: { m: { path: 'm' } },
    comparisons: undefined,
    judge: undefined,
    kl: undefined,
    speed,
    output,
  });

describe('speed', () => {
  it('is measured once for each exit and batch size', async () => {
    const path = sweepWith({ batchSizes: [1, 3], steps: 5, repetitions: 3 });
    const speeds = await withSweep(path, async (sweep) => {
      await speedStage(sweep);
      return repetitionsIn(sweep);
    });
    const first = speeds.filter(({ repetition }) => repetition === 0);
    expect(first.map((row) => [row['exit'], row['batch_size'], row['tokens']])).toEqual([
      [1, 1, 2],
      [1, 3, 6],
      [2, 1, 2],
      [2, 3, 6],
    ]);
    expect(speeds).toHaveLength(4 * 3);
    const progress = countingProgress();
    await withSweep(path, speedStage, progress);
    expect(progress.computed).toEqual(new Map());
    await withSweep(path, (sweep) => expect(repetitionsIn(sweep)).toEqual(speeds));
  });

  it('is not measured without a batch size', async () => {
    await withSweep(sweepWith({ batchSizes: [], steps: 5 }, 'untimed'), async (sweep) => {
      expect(await speedStage(sweep)).toEqual([]);
      expect(repetitionsIn(sweep)).toEqual([]);
    });
  });

  it('can be measured over as many steps as the context holds, whatever the prompt', async () => {
    await withSweep(sweepWith({ batchSizes: [1], steps: MOST_STEPS, repetitions: 1 }), async (sweep) => {
      await speedStage(sweep);
      expect(repetitionsIn(sweep)).toHaveLength(2);
    });
  });

  it('is refused over more steps than that, before results are made', async () => {
    const path = sweepWith({ batchSizes: [1], steps: MOST_STEPS + 1 }, 'refused');
    const error = await inputErrorOf(() => openSweep(path, { progress: silentProgress }));
    expect(error.where).toBe(`${path}: speed.steps`);
    expect(error.message).toContain(`at most ${MOST_STEPS} steps`);
    expect(existsSync(join(folder, 'refused', 'results.db'))).toBe(false);
  });
});
