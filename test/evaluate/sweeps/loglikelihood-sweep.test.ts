import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { silentProgress } from '../../../src/core/progress.ts';
import { openSweep } from '../../../src/evaluate/open-sweep.ts';
import { generateStage } from '../../../src/evaluate/stages/generate-stage.ts';
import { loglikelihoodStage } from '../../../src/evaluate/stages/loglikelihood-stage.ts';
import { openReadOnlyStore } from '../../../src/store/database.ts';
import { queryView } from '../../../src/store/read/query-view.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { countingProgress, withSweep, writeSweep, writeTrio } from '../trio.ts';

const folder = tempFolder();

beforeAll(() => writeTrio(folder));

const bare = { comparisons: undefined, kl: undefined, judge: undefined };

/** Rows of `answer_quality` after answers and likelihoods of a sweep file with these changes. */
async function qualityWith(changes: Record<string, unknown>, output: string) {
  const path = writeSweep(folder, { ...bare, ...changes, output });
  await withSweep(path, generateStage);
  await withSweep(path, loglikelihoodStage);
  const store = openReadOnlyStore(join(folder, output, 'results.db'));
  const { columns, rows } = queryView(store, 'answer_quality');
  store.close();
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
}

describe('the likelihood of answers', () => {
  it('is known for every answer, under the last exit of the SFT model', async () => {
    const rows = await qualityWith({}, 'all');
    expect(rows).toHaveLength(54);
    for (const row of rows) {
      expect(row).toMatchObject({ reference_model: 'sft', reference_exit: 4 });
      expect(row['tokens']).toBeGreaterThan(0);
      expect(row['mean_log_probability']).toBeLessThan(0);
    }
    const meanOf = (name: string) =>
      rows
        .filter(({ model, exit }) => model === name && exit === 4)
        .reduce((sum, row) => sum + (row['mean_log_probability'] as number), 0);
    // Greedy answers are the likeliest ones to the model that gave them; early-exit's last exit is SFT's.
    expect(meanOf('sft')).toBeGreaterThan(meanOf('soft'));
    expect(meanOf('early-exit')).toBe(meanOf('sft'));
  });

  it.each([
    [
      'the first curve’s',
      { kl: { curves: [{ model: 'sft', reference: 'soft', referenceExit: 3 }] } },
      'soft',
      3,
    ],
    ['the one that is named', { likelihood: { reference: 'early-exit', referenceExit: 2 } }, 'early-exit', 2],
    ['the first model’s where none is SFT', { models: { soft: { path: 'soft', exits: [2, 4] } } }, 'soft', 4],
  ])('is under %s', async (_, changes, model, exit) => {
    const [row] = await qualityWith({ limit: 1, ...changes }, `${model}-${exit}`);
    expect(row).toMatchObject({ reference_model: model, reference_exit: exit });
    expect(row!['mean_log_probability']).toBeLessThan(0);
  });

  it('is not known of answers in other vocabularies, or from files', async () => {
    writeRandomCheckpoint(join(folder, 'wide'), { layers: 2, vocabSize: 300, contextLength: 640 });
    const answers = join(folder, 'recorded.json');
    const models = { sft: { path: 'sft' }, wide: { path: 'wide' }, file: { answers } };
    writeFileSync(
      answers,
      JSON.stringify([{ instruction: 'Add 0 and 1.', input: 'Write digits.', output: '1', exit: 3 }]),
    );
    const rows = await qualityWith({ limit: 1, models }, 'foreign');
    expect(rows.map(({ model }) => model)).toEqual(['file', 'sft', 'sft', 'sft', 'wide', 'wide']);
    for (const { model, mean_log_probability, characters } of rows) {
      expect(mean_log_probability === null).toBe(model !== 'sft');
      expect(typeof characters).toBe('number');
    }
  });

  it('is asked for once, and again only under another reference', async () => {
    const count = async (changes: Record<string, unknown>) => {
      const progress = countingProgress();
      await withSweep(
        writeSweep(folder, { ...bare, ...changes, output: 'all' }),
        loglikelihoodStage,
        progress,
      );
      return Object.fromEntries(progress.computed);
    };
    expect(await count({})).toEqual({});
    const other = { likelihood: { reference: 'soft', referenceExit: 2 } };
    // 54 answers, of which early-exit's last exit shares six with SFT's.
    expect(await count(other)).toEqual({ 'likelihood: soft@2': 48 });
    expect(await count(other)).toEqual({});
  });

  it.each([
    ['an unknown exit', { likelihood: { reference: 'sft', referenceExit: 1 } }, 'unknown-exit'],
    ['an unknown model', { likelihood: { reference: 'stf' } }, 'bad-config'],
  ])('refuses %s as its reference', async (_, changes, code) => {
    const path = writeSweep(folder, { ...bare, ...changes, output: 'refused' });
    const error = await inputErrorOf(() => openSweep(path, { progress: silentProgress }));
    expect(error.code).toBe(code);
    expect(error.where).toContain('likelihood.reference');
  });
});
