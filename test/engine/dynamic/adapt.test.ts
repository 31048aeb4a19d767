import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { generateAdaptively } from '../../../src/engine/dynamic/adapt.ts';
import { type AdaptiveSettings, CONFIDENCES } from '../../../src/engine/dynamic/adaptive-settings.ts';
import { prefill } from '../../../src/engine/forced/prefill.ts';
import { DecodeBatch, type DecodeRow } from '../../../src/engine/greedy/decode-batch.ts';
import type { Finished, Prompt } from '../../../src/engine/greedy/generate.ts';
import { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { answers, randomIds, startRow } from '../../support/decode.ts';
import { NETWORK_SHAPES } from '../../support/network-shapes.ts';
import { seededRandom } from '../../support/random.ts';
import { importRandomModel, type ModelOptions } from '../../support/random-model.ts';
import { bitsOf, type HiddenBits, recordHidden } from '../../support/recorded-network.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();

interface Options {
  readonly adaptive: AdaptiveSettings;
  readonly maxNewTokens?: number;
  readonly batchSize?: number;
  readonly eosTokenIds?: readonly number[];
}

async function adapt<Tag>(model: SegmentedModel, prompts: readonly Prompt<Tag>[], options: Options) {
  const settings = { maxNewTokens: 24, batchSize: 4, eosTokenIds: model.manifest.eosTokenIds, ...options };
  const results = new Map<Tag, Finished<Tag>>();
  for await (const one of generateAdaptively(model, prompts, settings)) results.set(one.tag, one);
  return results;
}

/** What scripts/train/adaptive_golden.py writes. */
const goldenSchema = z.object({
  rules: z.array(
    z.object({ confidence: z.enum(CONFIDENCES), threshold: z.record(z.coerce.number(), z.number()) }),
  ),
  cases: z.array(
    z.object({
      prompt_ids: z.array(z.int()),
      answers: z.array(z.object({ ids: z.array(z.int()), exits: z.array(z.int()) })),
    }),
  ),
});

/** `carried`: what scripts/train/carried_golden.py writes. */
const GOLDENS = [
  ['computed', 'adaptive'],
  ['carried', 'carried'],
] as const;
const TRIO = ['sft', 'soft', 'early-exit'];
const CASES = TRIO.flatMap((name) => GOLDENS.map(([skipped, golden]) => ({ name, skipped, golden })));

describe.each(CASES)(
  'adaptive depth of the nano run’s $name, skipped layers $skipped',
  ({ name, skipped, golden }) => {
    it('has the ids and the exits that PyTorch has without the engine’s cache, in every batch', async () => {
      const { rules, cases } = goldenSchema.parse(
        JSON.parse(readFileSync(`test/golden/${golden}/nano-${name}.json`, 'utf8')),
      );
      const folder = join(root, `${name}-${skipped}`);
      importCheckpoint(`eval-data/nano/models/${name}`, folder);
      const model = await SegmentedModel.openStepwise(folder);
      const prompts = cases.map(({ prompt_ids }, tag) => ({ tag, ids: prompt_ids, exits: [] }));
      const exits = new Set<number>();
      for (const batchSize of [1, 5, 12]) {
        for (const [rule, adaptive] of rules.entries()) {
          const results = await adapt(model, prompts, { adaptive: { ...adaptive, skipped }, batchSize });
          for (const [tag, { answers }] of cases.entries()) {
            const { tokenIds, tokenExits } = results.get(tag)!;
            expect({ ids: tokenIds, exits: tokenExits }).toEqual(answers[rule]);
            for (const exit of tokenExits!) exits.add(exit);
          }
        }
      }
      // Tokens went up and down: otherwise nothing was computed later.
      expect(exits.size).toBeGreaterThan(2);
      await model.close();
    });
  },
);

const SHAPES: [string, ModelOptions][] = [
  ...NETWORK_SHAPES,
  ['int8', { precision: 'int8' }],
  ['int4', { precision: 'int4' }],
];
const NEW_TOKENS = 14;

describe.each(SHAPES)('with %s', (name, options) => {
  it('a token’s state is that of its exit when it decodes the same tokens, bit for bit', async () => {
    const layers = options.layers ?? 4;
    const exits = layers === 2 ? [1, 2] : [1, 2, 3, 4];
    const all = { contextLength: 256, exits, ...options };
    const { modelFolder, architecture } = importRandomModel(root, name.replaceAll(' ', '-'), all);
    const random = seededRandom(3);
    const prompts = [5, 30, 60].map((length, tag) => {
      return { tag, ids: randomIds(random, length, architecture.vocabSize), exits: [] };
    });
    const model = await SegmentedModel.openStepwise(modelFolder);
    // A median of the confidences, so that tokens leave everywhere.
    const threshold = await medianConfidence(model, prompts);
    const seen = recordConfident(model);
    const results = await adapt(model, prompts, {
      adaptive: { threshold },
      maxNewTokens: NEW_TOKENS,
      eosTokenIds: [],
    });
    const plain = await SegmentedModel.open(modelFolder);
    for (const { tag, ids } of prompts) {
      const { tokenIds, tokenExits } = results.get(tag)!;
      expect(new Set(tokenExits).size).toBeGreaterThan(1);
      for (const exit of new Set(tokenExits)) {
        const states = await statesAlong(plain, ids, tokenIds, exit);
        for (const [token, left] of tokenExits!.entries()) {
          if (left === exit) expect(seen).toContain(states[token]);
        }
      }
    }
    await Promise.all([model.close(), plain.close()]);
  });

  it('at threshold 0 it is the first exit, and full depth where no exit is asked', async () => {
    const layers = options.layers ?? 4;
    const all = { contextLength: 96, exits: [1, layers], ...options };
    const { modelFolder, architecture } = importRandomModel(root, `edge-${name.replaceAll(' ', '-')}`, all);
    const random = seededRandom(5);
    const prompts = [3, 61, 90, 95, 96].map((length, tag) => {
      return { tag: `${tag}`, ids: randomIds(random, length, architecture.vocabSize), exits: [1, layers] };
    });
    const model = await SegmentedModel.openStepwise(modelFolder);
    const expected = await answers(model, prompts, { maxNewTokens: 12, eosTokenIds: [5, 17] });
    for (const [adaptive, exit] of [
      [{ threshold: 0 }, 1],
      [{ threshold: {} }, layers],
    ] as const) {
      const results = await adapt(model, prompts, { adaptive, maxNewTokens: 12, eosTokenIds: [5, 17] });
      for (const { tag } of prompts) {
        const { tokenIds, stopReason } = expected.get(`${tag}@${exit}`)!;
        expect(results.get(tag)).toMatchObject({ tokenIds, stopReason });
      }
    }
    await model.close();
  });
});

describe('skipped layers that are carried', () => {
  it.each([['int8'], ['int4'], ['fp32']] as const)(
    'give every response alike in every batch, at %s',
    async (precision) => {
      const options = { exits: [1, 2, 3, 4], contextLength: 128, precision };
      const { modelFolder, architecture } = importRandomModel(root, `carried-${precision}`, options);
      const random = seededRandom(9);
      const prompts = [5, 5, 9, 30].map((length, tag) => {
        return { tag, ids: randomIds(random, length, architecture.vocabSize), exits: [] };
      });
      const model = await SegmentedModel.openStepwise(modelFolder);
      const threshold = await medianConfidence(model, prompts);
      const run = async (batchSize: number) => {
        const adaptive = { threshold, skipped: 'carried' } as const;
        const results = await adapt(model, prompts, { adaptive, batchSize, eosTokenIds: [] });
        return prompts.map(({ tag }) => [results.get(tag)!.tokenIds, results.get(tag)!.tokenExits]);
      };
      const alone = await run(1);
      expect(new Set(alone.flatMap(([, exits]) => exits)).size).toBeGreaterThan(1);
      expect(await run(3)).toEqual(alone);
      await model.close();
    },
  );
});

describe('settings of adaptive depth', () => {
  it.each([
    [{ threshold: 1.5 }, 'adaptive.threshold: expected a number from 0 to 1, found 1.5'],
    [{ threshold: Number.NaN }, 'adaptive.threshold: expected a number from 0 to 1, found NaN'],
    [{ threshold: { 3: 0.5 } }, 'adaptive.threshold: expected one of the exits 1, 4, found 3'],
  ])('refuse %o', async (adaptive, message) => {
    const { modelFolder } = importRandomModel(root, `refuse-${JSON.stringify(adaptive)}`, { exits: [1, 4] });
    const model = await SegmentedModel.openStepwise(modelFolder);
    await expect(adapt(model, [{ tag: 0, ids: [1], exits: [] }], { adaptive })).rejects.toThrow(message);
    await model.close();
  });
});

/** Bits of all hidden states that reach a head whose confidence is asked. */
function recordConfident(model: SegmentedModel): Set<HiddenBits> {
  const { hiddenSize } = model.manifest.architecture;
  const seen = new Set<HiddenBits>();
  const ask = model.confidentTokens.bind(model);
  model.confidentTokens = (head, hidden) => {
    for (let start = 0; start < hidden.length; start += hiddenSize)
      seen.add(bitsOf(hidden.subarray(start, start + hiddenSize)));
    return ask(head, hidden);
  };
  return seen;
}

async function medianConfidence(model: SegmentedModel, prompts: readonly Prompt<number>[]): Promise<number> {
  const confidences: number[] = [];
  const ask = model.confidentTokens.bind(model);
  model.confidentTokens = async (head, hidden) => {
    const tokens = await ask(head, hidden);
    confidences.push(...tokens.map(({ largest }) => largest));
    return tokens;
  };
  await adapt(model, prompts, { adaptive: { threshold: 1 }, maxNewTokens: NEW_TOKENS, eosTokenIds: [] });
  model.confidentTokens = ask;
  return confidences.sort((a, b) => a - b)[Math.floor(confidences.length / 2)]!;
}

/** Bits of the states from which an exit alone would choose each of the given tokens. */
async function statesAlong(
  model: SegmentedModel,
  prompt: readonly number[],
  tokens: readonly number[],
  exit: number,
): Promise<HiddenBits[]> {
  const segments = model.manifest.exits.indexOf(exit) + 1;
  const { hidden } = await prefill(model, [prompt], { segments, from: prompt.length - 1 });
  const { row, prefilled } = await startRow(model, prompt, exit);
  const batch = new DecodeBatch<DecodeRow>(model, 1);
  batch.join(row, prefilled);
  const states = [bitsOf(hidden.at(-1)!)];
  const recorder = recordHidden(model);
  for (const token of tokens.slice(0, -1)) {
    row.lastToken = token;
    await batch.step();
    states.push(...recorder.take());
  }
  return states;
}
