import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateAdaptively } from '../../../src/engine/dynamic/adapt.ts';
import { readingSteps } from '../../../src/engine/dynamic/draft-length.ts';
import { generateSpeculatively } from '../../../src/engine/dynamic/speculate.ts';
import type { Finished } from '../../../src/engine/greedy/generate.ts';
import { checkAsync } from '../../properties/check.ts';
import { FAKE_VOCABULARY, fakeNext, fakeSegmentedModel } from '../../support/fake-models.ts';

const EXITS = [1, 2, 4];
const CONTEXT = 40;
const EOS = 13;
const SETTINGS = { maxNewTokens: 12, eosTokenIds: [EOS] };

const prompts = fc.array(
  fc.array(fc.integer({ min: 0, max: FAKE_VOCABULARY - 1 }), { minLength: 1, maxLength: 36 }),
  {
    minLength: 1,
    maxLength: 6,
  },
);
const batchSize = fc.integer({ min: 1, max: 4 });
const model = () => fakeSegmentedModel({ exits: EXITS, contextLength: CONTEXT, ownHeads: true });
const asked = (all: readonly number[][]) => all.map((ids, tag) => ({ tag, ids, exits: [] }));

/** What one token after the other gives, each chosen by `next`. */
function expected(prompt: readonly number[], next: (ids: readonly number[]) => number): number[] {
  const ids = [...prompt];
  do ids.push(next(ids));
  while (ids.at(-1) !== EOS && ids.length < CONTEXT && ids.length - prompt.length < SETTINGS.maxNewTokens);
  return ids.slice(prompt.length);
}

async function collect(answers: AsyncGenerator<Finished<number>>): Promise<Finished<number>[]> {
  const all: Finished<number>[] = [];
  for await (const one of answers) all[one.tag] = one;
  return all;
}

const idsOf = (answers: readonly Finished<number>[]) => answers.map(({ tokenIds }) => [...tokenIds]);

describe('speculative decoding', () => {
  it('chooses as full depth does, whatever is drafted and rejected, in every batch', () => {
    const draft = fc.constantFrom(1, 2);
    const speculative = fc.record({ draft, tokens: fc.integer({ min: 1, max: 6 }), isFixed: fc.boolean() });
    return checkAsync(fc.record({ prompts, batchSize, speculative }), async ({ prompts: all, ...drawn }) => {
      const answers = await collect(generateSpeculatively(model(), asked(all), { ...SETTINGS, ...drawn }));
      const next = (ids: readonly number[]) => fakeNext(ids, 'head-4.onnx');
      expect(idsOf(answers)).toEqual(all.map((prompt) => expected(prompt, next)));
    });
  });
});

describe('speculative decoding one by one', () => {
  it('runs layers no more than a tenth oftener than plain decoding, prompt included, where drafts are guesses', () => {
    const draft = fc.constantFrom(1, 2);
    const speculative = fc.record({ draft, tokens: fc.integer({ min: 1, max: 6 }) });
    return checkAsync(
      fc.record({ prompts, speculative }),
      async ({ prompts: [prompt], speculative: how }) => {
        const counted = model();
        let [runs, layers] = [0, 0];
        const run = counted.runSegment.bind(counted);
        counted.runSegment = (index, input, step) => {
          // The first ones read the prompt, as plain decoding does.
          if (runs++ >= EXITS.length) layers += [1, 1, 2][index]!;
          return run(index, input, step);
        };
        const settings = { ...SETTINGS, batchSize: 1, speculative: how };
        const [answer] = await collect(generateSpeculatively(counted, asked([prompt!]), settings));
        const steps = answer!.tokenIds.length - 1;
        const depth = EXITS.at(-1)!;
        expect(layers).toBeLessThanOrEqual(
          depth * (steps + 0.1 * (steps + readingSteps(prompt!.length)) + 1e-9),
        );
      },
    );
  });
});

describe('adaptive depth', () => {
  it('chooses as the first confident exit does, which reads the same tokens, in every batch', () => {
    const adaptive = fc.record({ threshold: fc.double({ min: 0, max: 1, noNaN: true }) });
    return checkAsync(fc.record({ prompts, batchSize, adaptive }), async ({ prompts: all, ...drawn }) => {
      const answers = await collect(generateAdaptively(model(), asked(all), { ...SETTINGS, ...drawn }));
      const next = (ids: readonly number[]) => {
        const tokens = EXITS.map((exit) => fakeNext(ids, `head-${exit}.onnx`));
        const { threshold } = drawn.adaptive;
        return tokens.find((id) => id / FAKE_VOCABULARY >= threshold) ?? tokens.at(-1)!;
      };
      expect(idsOf(answers)).toEqual(all.map((prompt) => expected(prompt, next)));
    });
  });
});
