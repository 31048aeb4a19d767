import { describe, expect, it } from 'vitest';
import { mergeCandidates } from '../../../src/engine/beam/beam-batch.ts';
import { type BeamSearchSettings, beamSearch } from '../../../src/engine/beam/beam-search.ts';
import { FAKE_VOCABULARY, fakeFullDepthModel, fakeNext } from '../../support/fake-models.ts';
import { seededRandom } from '../../support/random.ts';

describe('candidates of neighbouring rows', () => {
  const best = { scores: Float32Array.of(9, 9, -1, -2, -1.5, -2), ids: [0, 1, 10, 11, 20, 21] };

  it('are merged best first, each with its beam', () => {
    expect(mergeCandidates(best, 1, 2, 2)).toEqual([
      { beam: 0, token: 10, score: -1 },
      { beam: 1, token: 20, score: -1.5 },
      { beam: 0, token: 11, score: -2 },
      { beam: 1, token: 21, score: -2 },
    ]);
  });
});

describe('prompts whose beams decode together', () => {
  const random = seededRandom(17);
  const prompts = Array.from({ length: 30 }, (_, tag) => ({
    tag,
    ids: Array.from({ length: 1 + random.below(70) }, () => random.below(FAKE_VOCABULARY)),
  }));
  const settings: BeamSearchSettings = {
    ...{ numBeams: 3, rule: 'transformers-4.28', repetitionPenalty: 1 },
    ...{ maxNewTokens: 15, eosTokenIds: [4, 33, 60], batchSize: 12 },
  };

  async function search(change: Partial<BeamSearchSettings>, asked = prompts) {
    const model = fakeFullDepthModel({ minRows: 2 });
    const found: (readonly number[])[] = [];
    const all = { ...settings, ...change };
    for await (const { tag, tokenIds } of beamSearch(model, asked, all)) found[tag] = tokenIds;
    return { found, model };
  }

  it('get the same responses alone and in batches of any size', async () => {
    const { found: alone } = await search({ batchSize: 1 });
    expect(alone.filter((tokens) => tokens.length > 1).length).toBeGreaterThan(20);
    for (const batchSize of [6, 12, 100]) expect((await search({ batchSize })).found).toEqual(alone);
  });

  it('with one greedy beam write token by token what an uncached loop writes', async () => {
    const { found } = await search({ numBeams: 1, rule: 'greedy' });
    for (const { tag, ids } of prompts) {
      const tokens: number[] = [];
      while (tokens.length < 15 && !settings.eosTokenIds.includes(tokens.at(-1)!))
        tokens.push(fakeNext([...ids, ...tokens]));
      expect(found[tag]).toEqual(tokens);
    }
  });

  it('are one row each, with one new token for each beam', async () => {
    const { model } = await search({}, prompts.slice(0, 4));
    const decoding = model.steps.filter(({ queryLength }) => queryLength === 3);
    expect(decoding.length).toBeGreaterThan(0);
    expect(decoding[0]!.rows).toBe(4);
  });
});
