import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../../../src/engine/open-model.ts';
import { runSweep } from '../../../src/evaluate/run-sweep.ts';
import { readResponses } from '../../../src/store/tables/response-table.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { countingProgress, withResults, withSweep, writeSweep, writeTrio } from '../trio.ts';

const folder = tempFolder();
const PANDALM = { decoding: 'beams', repetitionPenalty: 1.2 };
const models = {
  plain: { path: 'soft' },
  penalised: { path: 'soft', generation: { repetitionPenalty: 1.5 } },
  beams: { path: 'soft', generation: PANDALM },
};
const sweep = { models, comparisons: [], kl: undefined, output: 'out' };

beforeAll(() => writeTrio(folder));

type Ways = Record<string, string>;

describe('a sweep whose models decode in different ways', () => {
  it('has other responses, and stores how each was written', async () => {
    const texts = await withSweep(writeSweep(folder, sweep), async (opened) => {
      await runSweep(opened);
      return Object.keys(models).map((model) =>
        [...readResponses(opened.store, opened.run, { model, exit: 3 }).values()].map(({ text }) => text),
      );
    });
    expect(texts[1]).not.toEqual(texts[0]);
    expect(texts[2]).not.toEqual(texts[0]);
    withResults(join(folder, 'out'), (store) => {
      const ways = store.all<Ways>('SELECT DISTINCT decoding_json FROM generation ORDER BY decoding_json');
      const limits = { eosTokenIds: [1], maxNewTokens: 5 };
      const ofBeams = { numBeams: 4, beamRule: 'transformers-4.28', repetitionPenalty: 1.2 };
      expect(ways.map((row) => JSON.parse(row['decoding_json']!))).toEqual([
        { ...limits, ...ofBeams, strategy: 'beams' },
        { ...limits, repetitionPenalty: 1.5, strategy: 'greedy' },
        { ...limits, strategy: 'greedy' },
      ]);
    });
  });

  it('has the responses that the library gives at every exit', async () => {
    const model = await openModel(join(folder, 'out/models/beams'));
    const found = new Set<string>();
    const questions = [{ tag: 0, text: 'Add.' }];
    const options = { maxNewTokens: 5, decoding: 'beams', repetitionPenalty: 1.2 } as const;
    for await (const { exit } of model.answer(questions, options)) found.add(`${exit}`);
    expect([...found]).toEqual(['4', '3', '2']);
    await model.close();
  });

  it('computes nothing anew, and everything once the way changes', async () => {
    const computed = async (generation: object) => {
      const progress = countingProgress();
      await withSweep(writeSweep(folder, { ...sweep, generation }), runSweep, progress);
      return [...progress.computed].filter(([label, count]) => count > 0 && label.endsWith(': answers'));
    };
    const small = { maxNewTokens: 5, batchSize: 8 };
    expect(await computed({ ...small, decoding: 'greedy', repetitionPenalty: 1 })).toEqual([]);
    // Of the others, each has a way of its own.
    expect(await computed({ ...small, repetitionPenalty: 1.1 })).toEqual([['plain: answers', 18]]);
  });
});
