import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { RESULTS_FILE } from '../../../src/config/results-file.ts';
import { readSweepConfig } from '../../../src/config/sweep-file.ts';
import { silentProgress } from '../../../src/core/progress.ts';
import { inTurns, measureSample } from '../../../src/evaluate/outlook/measured-sample.ts';
import { outlookText } from '../../../src/evaluate/outlook/outlook-text.ts';
import { sweepOutlook } from '../../../src/evaluate/outlook/sweep-outlook.ts';
import { runSweep } from '../../../src/evaluate/run-sweep.ts';
import { openReadOnlyStore } from '../../../src/store/database.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { withSweep, writeSweep, writeTrio } from '../trio.ts';

const folder = tempFolder();
const ANSWERS = 3 * 3 * 6;
const PAIRS = 2 * 2 * 3 * 3 * 6;
let sweep: string;
const measuring = { progress: silentProgress, signal: new AbortController().signal };

beforeAll(() => {
  writeTrio(folder);
  sweep = writeSweep(folder, { speed: { batchSizes: [1], steps: 1, repetitions: 1 } });
});

describe('the plan of a sweep', () => {
  it('counts what it will do, and makes nothing', async () => {
    const { config } = readSweepConfig(sweep);
    const outlook = await sweepOutlook(config, { tokensPerSecond: 100 });
    expect(outlook.models.map(({ exits, answers, stored }) => [exits, answers, stored])).toEqual(
      Array(3).fill([3, 18, 0]),
    );
    expect(outlook.verdicts).toMatchObject({
      pairs: PAIRS,
      prompts: PAIRS,
      promptsAre: 'at most',
      stored: 0,
    });
    expect(outlook).toMatchObject({ instructions: 6, klPasses: 6 });
    expect(outlook.tokensAtMost).toEqual({ answers: ANSWERS * 5, verdicts: PAIRS * 3 });
    expect(outlook.hours!.answers).toBeCloseTo((ANSWERS * 5) / 100 / 3600, 10);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('finds the share of distinct verdicts by trying the first instructions', async () => {
    const { config } = readSweepConfig(sweep);
    const sample = await measureSample(config, 60, measuring);
    const { verdicts, hours } = await sweepOutlook(config, { sample });
    expect(sample.answers!.perSecond).toBeGreaterThan(0);
    expect(verdicts!.prompts).toBeLessThanOrEqual(PAIRS);
    // The sample has all six instructions.
    expect(verdicts!.promptsAre).toBe('exact');
    for (const part of ['verdicts', 'kl', 'loglikelihoods', 'speed'] as const)
      expect(hours![part], part).toBeGreaterThan(0);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('lets instructions take turns, each with neighbours that share a beginning', () => {
    const requests = ['x', 'y', 'z'].flatMap((instructionId) =>
      Array.from({ length: instructionId === 'y' ? 10 : 70 }, (_, place) => ({
        place,
        pairs: [{ instructionId }],
      })),
    );
    const turns = inTurns(requests as never).map(({ pairs }) => pairs[0]!.instructionId);
    const runs = turns
      .join('')
      .match(/x+|y+|z+/g)!
      .map((run) => `${run[0]}${run.length}`);
    expect(runs).toEqual(['x32', 'y10', 'z32', 'x32', 'z32', 'x6', 'z6']);
  });

  it('says what it knows only of texts that ended in time', async () => {
    const { config } = readSweepConfig(sweep);
    const sample = { answers: { openingSeconds: 0, perSecond: 1, texts: 7, tokens: 3.4 } };
    const outlook = await sweepOutlook(config, { sample });
    expect(outlook.hours).toMatchObject({ answers: ANSWERS / 3600, verdicts: null, speed: null });
    expect(outlookText(outlook)).toMatch(/^ {18}measured: 7 answers of 3 tokens$/m);
    const nothing = await sweepOutlook(config, { sample: {} });
    expect(nothing.hours).toMatchObject({ answers: null, verdicts: null });
    expect(outlookText(nothing)).toMatch(/^Hours {13}not known: no answer/m);
  });

  it('is exact once the answers are stored, and nothing is left at the end', async () => {
    const { config } = readSweepConfig(sweep);
    const run = await withSweep(sweep, async (opened) => {
      await runSweep(opened);
      return opened.run;
    });
    const store = openReadOnlyStore(join(folder, 'out', RESULTS_FILE));
    const { rows } = store.get<{ rows: number }>('SELECT count(*) AS rows FROM judgement', {})!;
    const outlook = await sweepOutlook(config, { stored: { store, run }, tokensPerSecond: 1 });
    const sample = await measureSample(config, 60, measuring);
    const { hours } = await sweepOutlook(config, { stored: { store, run }, sample });
    expect(hours).toMatchObject({ answers: 0, verdicts: 0, kl: 0, loglikelihoods: 0, speed: 0 });
    store.close();
    expect(outlook.verdicts).toMatchObject({ prompts: rows, promptsAre: 'exact', stored: rows });
    expect(outlook.models.map(({ stored }) => stored)).toEqual([18, 18, 18]);
    expect(outlook.hours).toMatchObject({
      answers: 0,
      verdicts: 0,
      kl: null,
      loglikelihoods: null,
      speed: null,
    });
    expect(outlookText(outlook)).toMatch(/^Hours {13}0 s, without what is not known$/m);
    expect(outlookText(outlook)).toMatch(/^ {2}speed {11}not known$/m);
    expect(outlookText(outlook)).toContain(`${rows} distinct prompts, ${rows} of them stored`);
  });
});
