import { describe, expect, it } from 'vitest';
import { cacheShapeOf, KvCache } from '../../../src/engine/cache/kv-cache.ts';
import { prefill } from '../../../src/engine/forced/prefill.ts';
import { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';
import { causalStep, type StepInput, stepwiseStep } from '../../../src/engine/session/step-input.ts';
import { randomIds } from '../../support/decode.ts';
import { NETWORK_SHAPES } from '../../support/network-shapes.ts';
import { seededRandom } from '../../support/random.ts';
import { importRandomModel, type ModelOptions } from '../../support/random-model.ts';
import { bitsOf } from '../../support/recorded-network.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
const PRECISIONS: [string, ModelOptions][] = [
  ['int8', { precision: 'int8' }],
  ['int4', { precision: 'int4' }],
];
/** Lengths of the rows' prompts; one pass crosses a border of the cache's capacity. */
const PROMPTS = [10, 61, 130];
const TOKENS = 5;

type Run = (input: BigInt64Array | Float32Array, step: StepInput) => Promise<Float32Array>;

/** Runs all segments and stores what they return; hidden states [rows, S, D] after the last. */
function runAll(model: SegmentedModel, cache: KvCache, lengths: readonly number[]): Run {
  return async (input, step) => {
    let states = input;
    for (let segment = 0; segment < model.manifest.segments.length; segment++) {
      const output = await model.runSegment(segment, states, step);
      cache.append(output.present, lengths, step.queryLength);
      states = output.hidden;
    }
    return states as Float32Array;
  };
}

describe.each([...NETWORK_SHAPES, ...PRECISIONS])('with %s', (name, options) => {
  it('one stepwise pass over several tokens has the bits of as many single steps', async () => {
    const layers = options.layers ?? 4;
    const all = { contextLength: 256, exits: [1, layers], ...options };
    const { modelFolder, architecture } = importRandomModel(root, name.replaceAll(' ', '-'), all);
    const plain = await SegmentedModel.open(modelFolder);
    const stepwise = await SegmentedModel.openStepwise(modelFolder);
    const random = seededRandom(7);
    const prompts = PROMPTS.map((length) => randomIds(random, length, architecture.vocabSize));
    const next = PROMPTS.map(() => randomIds(random, TOKENS, architecture.vocabSize));

    const caches = [plain, stepwise].map(async (model) => {
      const cache = new KvCache(cacheShapeOf(model.manifest), PROMPTS.length);
      cache.reserve(Math.max(...PROMPTS) + TOKENS);
      for (const [row, ids] of prompts.entries()) {
        const read = await prefill(model, [ids], { segments: 2, from: ids.length - 1 });
        cache.copyRow(read.cache, 0, row, ids.length, layers);
      }
      return cache;
    });
    const [single, together] = (await Promise.all(caches)) as [KvCache, KvCache];

    const steps: Float32Array[] = [];
    for (let token = 0; token < TOKENS; token++) {
      const lengths = PROMPTS.map((length) => length + token);
      const ids = BigInt64Array.from(next, (row) => BigInt(row[token]!));
      const step = causalStep(architecture, lengths, 1, single);
      steps.push(await runAll(plain, single, lengths)(ids, step));
    }
    const step = stepwiseStep(architecture, PROMPTS, TOKENS, together);
    const states = await runAll(stepwise, together, PROMPTS)(BigInt64Array.from(next.flat(), BigInt), step);

    const { hiddenSize: D } = architecture;
    for (const row of PROMPTS.keys()) {
      for (const [token, hidden] of steps.entries()) {
        const place = (row * TOKENS + token) * D;
        expect(bitsOf(states.subarray(place, place + D))).toBe(
          bitsOf(hidden.subarray(row * D, (row + 1) * D)),
        );
      }
    }
    const held = (cache: KvCache) => bitsOf(cache.view(layers - 1, PROMPTS.length).keys);
    expect(held(together)).toBe(held(single));
    await Promise.all([plain.close(), stepwise.close()]);
  });
});
