import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateSpeculatively } from '../../../src/engine/dynamic/speculate.ts';
import type { SpeculativeSettings } from '../../../src/engine/dynamic/speculative-settings.ts';
import type { Finished, Prompt } from '../../../src/engine/greedy/generate.ts';
import { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { answers, randomIds } from '../../support/decode.ts';
import { readGolden } from '../../support/golden.ts';
import { NETWORK_SHAPES } from '../../support/network-shapes.ts';
import { seededRandom } from '../../support/random.ts';
import { importRandomModel, type ModelOptions } from '../../support/random-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { VARIANT_NAMES, writeVariant } from '../../support/variants.ts';

const root = tempFolder();

interface Options {
  readonly speculative: SpeculativeSettings;
  readonly maxNewTokens?: number;
  readonly batchSize?: number;
}

async function speculate<Tag>(model: SegmentedModel, prompts: readonly Prompt<Tag>[], options: Options) {
  const settings = { maxNewTokens: 24, batchSize: 4, eosTokenIds: model.manifest.eosTokenIds, ...options };
  const results = new Map<Tag, Finished<Tag>>();
  for await (const one of generateSpeculatively(model, prompts, settings)) results.set(one.tag, one);
  return results;
}

const idsOf = (results: ReadonlyMap<unknown, Finished<unknown>>) =>
  [...results].map(([tag, { tokenIds, stopReason }]) => [tag, [...tokenIds], stopReason]).sort();

interface GoldenModel {
  readonly title: string;
  readonly golden: string;
  /** Imports the model and returns its folder. */
  readonly importInto: (folder: string) => unknown;
}

const nano = (name: string): GoldenModel => ({
  title: `the nano run’s ${name}`,
  golden: `test/golden/nano-${name}.json`,
  importInto: (folder) =>
    importCheckpoint(
      `eval-data/nano/models/${name}`,
      folder,
      // The judge has one exit of its own.
      name === 'judge' ? { exits: [3, judgeLayers()] } : {},
    ),
});
const judgeLayers = (): number =>
  JSON.parse(readFileSync('eval-data/nano/models/judge/config.json', 'utf8')).num_hidden_layers;
const variant = (name: string): GoldenModel => ({
  title: `the random network ${name}`,
  golden: `test/golden/variants/${name}.json`,
  importInto: (folder) =>
    importCheckpoint(
      writeVariant(join(root, 'variants'), name),
      folder,
      name.includes('early') ? {} : { exits: [1, 2, 4] },
    ),
});
const lookalike: GoldenModel = {
  title: 'a folder with the files of PandaLM-7B-v1',
  golden: 'test/golden/pandalm-lookalike/golden.json',
  importInto: (folder) => importCheckpoint('test/golden/pandalm-lookalike', folder, { exits: [1, 2] }),
};
const smollm2 = {
  title: 'SmolLM2-135M',
  golden: process.env['SORTED_EVAL_SMOLLM2_GOLDEN'],
  importInto: (folder: string) => importCheckpoint(process.env['SORTED_EVAL_SMOLLM2']!, folder),
};
const GOLDEN_MODELS: readonly GoldenModel[] = [
  ...['sft', 'soft', 'early-exit', 'judge'].map(nano),
  ...VARIANT_NAMES.map(variant),
  lookalike,
  ...(smollm2.golden ? [smollm2 as GoldenModel] : []),
];

/** Different drafts in different batches. */
function variantsOf(exits: readonly number[]): [SpeculativeSettings, batchSize: number][] {
  return [
    [{ draft: exits[0]!, tokens: 4 }, 16],
    [{ draft: exits[0]!, tokens: 3, isFixed: true }, 1],
    [{ draft: exits.at(-2)!, tokens: 8, isFixed: true }, 5],
    [{ draft: exits.at(-2)!, tokens: 4 }, 24],
  ];
}

describe.each(GOLDEN_MODELS)('the golden prompts of $title', ({ golden, importInto }) => {
  it('have the ids of transformers at full depth, whatever drafts, how much and in which batch', async () => {
    const cases = readGolden(golden);
    const folder = join(root, golden.replaceAll('/', '-'));
    importInto(folder);
    const model = await SegmentedModel.openStepwise(folder);
    const prompts = cases.map(({ prompt_ids }, tag) => ({ tag, ids: prompt_ids, exits: [] }));
    const full = model.manifest.exits.at(-1)!;
    const maxNewTokens = Math.max(...cases.map(({ exits }) => exits[full]!.length));
    for (const [speculative, batchSize] of variantsOf(model.manifest.exits)) {
      const results = await speculate(model, prompts, { speculative, maxNewTokens, batchSize });
      expect(results.size).toBe(cases.length);
      for (const [tag, { exits }] of cases.entries()) expect(results.get(tag)!.tokenIds).toEqual(exits[full]);
    }
    await model.close();
  }, 1_200_000);
});

if (!smollm2.golden) {
  describe.skip('the golden prompts of SmolLM2-135M', () => {
    it('need SORTED_EVAL_SMOLLM2 (checkpoint) and SORTED_EVAL_SMOLLM2_GOLDEN (transformers’ ids)', () => {});
  });
}

const SHAPES: [string, ModelOptions][] = [
  ...NETWORK_SHAPES,
  ['int8', { precision: 'int8' }],
  ['int4', { precision: 'int4' }],
];

describe.each(SHAPES)('with %s', (name, options) => {
  it('random prompts get the ids of plain decoding, up to the limit and up to the end of the context', async () => {
    const layers = options.layers ?? 4;
    const all = { contextLength: 96, exits: [1, layers], ...options };
    const { modelFolder, architecture } = importRandomModel(root, name.replaceAll(' ', '-'), all);
    const model = await SegmentedModel.openStepwise(modelFolder);
    const random = seededRandom(11);
    const prompts = [3, 20, 61, 61, 90, 95, 96].map((length, tag) => {
      return { tag: `${tag}`, ids: randomIds(random, length, architecture.vocabSize), exits: [layers] };
    });
    const plain = await SegmentedModel.open(modelFolder);
    const expected = await answers(plain, prompts, { maxNewTokens: 12, eosTokenIds: [5, 17] });
    const wanted = new Map([...expected.values()].map((answer) => [answer.tag, answer]));
    await plain.close();
    for (const batchSize of [1, 3]) {
      for (const isFixed of [true, false]) {
        const settings = { maxNewTokens: 12, eosTokenIds: [5, 17], batchSize };
        const results = await speculate(model, prompts, {
          ...settings,
          speculative: { draft: 1, tokens: 3, isFixed },
        });
        expect(idsOf(results)).toEqual(idsOf(wanted));
      }
    }
    await model.close();
  });
});
