import { describe, expect, it } from 'vitest';
import type { Finished } from '../../../src/engine/greedy/finished.ts';
import { type DecodingSettings, generate } from '../../../src/engine/greedy/generate.ts';
import { FAKE_VOCABULARY, fakeNext, fakeSegmentedModel } from '../../support/fake-models.ts';
import { seededRandom } from '../../support/random.ts';

const CONTEXT = 150;
const SETTINGS: DecodingSettings = { maxNewTokens: 12, eosTokenIds: [11, 42, 77], batchSize: 8 };
const random = seededRandom(41);
const prompts = Array.from({ length: 40 }, (_, tag) => ({
  tag,
  ids: Array.from({ length: 1 + random.below(tag % 7 === 0 ? CONTEXT : 20) }, () =>
    random.below(FAKE_VOCABULARY),
  ),
  exits: [1, 2, 4].filter(() => random.below(3) > 0),
})).filter(({ exits }) => exits.length > 0);

/** Token by token, each from the whole sequence. */
function uncached(ids: readonly number[], exit: number): number[] {
  const tokens: number[] = [];
  while (tokens.length < SETTINGS.maxNewTokens && ids.length + tokens.length < CONTEXT) {
    tokens.push(fakeNext([...ids, ...tokens], `head-${exit}.onnx`));
    if (SETTINGS.eosTokenIds.includes(tokens.at(-1)!)) break;
  }
  return tokens;
}

describe('greedy decoding of prompts of many lengths at many exits', () => {
  it.each([1, 3, 8, 64])('writes what an uncached loop writes, in batches of %i rows', async (batchSize) => {
    const model = fakeSegmentedModel({ contextLength: CONTEXT, ownHeads: true });
    const found: Finished<number>[] = [];
    for await (const finished of generate(model, prompts, { ...SETTINGS, batchSize })) found.push(finished);
    expect(found).toHaveLength(prompts.flatMap(({ exits }) => exits).length);
    for (const { tag, exit, tokenIds, promptTokens } of found) {
      const { ids } = prompts.find((prompt) => prompt.tag === tag)!;
      expect(tokenIds).toEqual(uncached(ids, exit));
      expect(promptTokens).toBe(ids.length);
    }
    expect(new Set(found.map(({ stopReason }) => stopReason)).size).toBeGreaterThan(1);
    expect(Math.max(...model.headRows)).toBeLessThanOrEqual(batchSize);
  });
});
