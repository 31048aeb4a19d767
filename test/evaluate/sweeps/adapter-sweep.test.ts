import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { silentProgress } from '../../../src/core/progress.ts';
import { openSweep } from '../../../src/evaluate/open-sweep.ts';
import { runSweep } from '../../../src/evaluate/run-sweep.ts';
import { readResponses } from '../../../src/store/tables/response-table.ts';
import { editJson } from '../../hostile/hostile-case.ts';
import { ADAPTERS } from '../../support/adapters.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { countingProgress, dumpOf, withSweep, writeSweep, writeTrio } from '../trio.ts';

const folder = tempFolder();
const models = { base: { path: 'sft' }, adapted: { path: 'adapter', base: 'sft' } };
const sweep = { models, comparisons: [{ a: 'adapted', b: 'base' }], kl: undefined, output: 'out' };
const judge = { path: 'adapter', base: 'judge-base', decoding: 'verdict-only', maxNewTokens: 3 };

beforeAll(() => {
  writeTrio(folder);
  cpSync(join(ADAPTERS, 'linear'), join(folder, 'adapter'), { recursive: true });
  cpSync(join(folder, 'sft'), join(folder, 'judge-base'), { recursive: true });
});

describe('a sweep with an adapter and its base', () => {
  it('runs whole, and the two respond differently', async () => {
    const responses = await withSweep(writeSweep(folder, sweep), async (opened) => {
      await runSweep(opened);
      return ['base', 'adapted'].map((model) =>
        [...readResponses(opened.store, opened.run, { model, exit: 4 }).values()].map(({ text }) => text),
      );
    });
    expect(dumpOf(join(folder, 'out'))['answer']).toHaveLength(2 * 3 * 6);
    expect(responses[0]).not.toEqual(responses[1]);
  });

  it('computes nothing again, and everything of the adapter anew once its settings changed', async () => {
    const path = writeSweep(folder, sweep);
    const computed = async () => {
      const progress = countingProgress();
      await withSweep(path, runSweep, progress);
      return [...progress.computed].filter(([, count]) => count > 0).map(([label]) => label);
    };
    expect(await computed()).toEqual([]);
    editJson(join(folder, 'adapter'), 'adapter_config.json', (json) => ({ ...json, lora_alpha: 20 }));
    expect((await computed()).join()).toContain('adapted');
  });

  it('may have an adapter as its judge', async () => {
    const path = writeSweep(folder, { ...sweep, judge, output: 'judged' });
    await withSweep(path, runSweep);
    expect(dumpOf(join(folder, 'judged'))['judged_pair']!.length).toBeGreaterThan(0);
  });

  it('refuses a base beside a model folder', async () => {
    const imported = { path: join(folder, 'out/models/base'), base: 'sft' };
    const path = writeSweep(folder, { ...sweep, models: { base: imported, adapted: models.adapted } });
    const error = await inputErrorOf(() => openSweep(path, { progress: silentProgress }));
    expect(error).toMatchObject({
      code: 'bad-config',
      found: 'a model folder, into which everything was imported',
    });
  });
});
