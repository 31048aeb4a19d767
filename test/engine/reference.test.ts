import { describe, expect, it } from 'vitest';
import { prefill } from '../../src/engine/forced/prefill.ts';
import { mistral } from '../../src/model/networks/mistral.ts';
import { qwen2 } from '../../src/model/networks/qwen2.ts';
import { answers } from '../support/decode.ts';
import { seededRandom } from '../support/random.ts';
import type { CheckpointOptions } from '../support/random-checkpoint.ts';
import { openRandomNetwork } from '../support/random-model.ts';
import { referenceGreedy, referenceLogits } from '../support/reference-llama.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** float32 against float64, of logits around 5. */
const LOGIT_TOLERANCE = 5e-5;
const root = tempFolder();
const random = seededRandom(11);
const EXITS = [1, 2, 4];
const prompt = [0, ...Array.from({ length: 11 }, () => random.below(250))];

describe.each<[string, CheckpointOptions]>([
  ['grouped-query attention', {}],
  ['multi-head attention', { kvHeads: 4 }],
  ['multi-query attention', { kvHeads: 1 }],
  ['a single head', { heads: 1, kvHeads: 1, headDim: 32 }],
  [
    'heads of 6 and other uneven sizes',
    { headDim: 6, heads: 3, kvHeads: 3, hiddenSize: 27, intermediateSize: 37 },
  ],
  ['heads wider than the network', { headDim: 24, heads: 6, kvHeads: 2 }],
  ['a tied head', { tiedHead: true }],
  ['a window of 4 tokens', { family: mistral, attentionWindow: { tokens: 4, layers: [0, 1, 2, 3] } }],
  ['a window of one token in a layer', { family: qwen2, attentionWindow: { tokens: 1, layers: [2] } }],
  ['another rope theta', { ropeTheta: 37 }],
  ['another epsilon', { rmsNormEps: 0.3 }],
  ['a config.json of transformers 4', { configStyle: 4, ropeTheta: 500 }],
])('a network with %s', (name, options) => {
  it('has the logits and greedy ids of a plain float64 LLaMA at every exit', async () => {
    const model = await openRandomNetwork(root, name.replaceAll(/\W/g, '-'), { exits: EXITS, ...options });
    const { network, architecture, weights } = model;
    const { hidden } = await prefill(network, [prompt], { segments: 3, from: prompt.length - 1 });
    const results = await answers(network, [{ tag: '', ids: prompt, exits: EXITS }], { maxNewTokens: 5 });
    for (const [index, exit] of EXITS.entries()) {
      const logits = await network.logits('head.onnx', hidden[index]!);
      const expected = referenceLogits(architecture, weights, prompt, exit);
      expect(largestDistance(logits, expected)).toBeLessThan(LOGIT_TOLERANCE);
      const ids = referenceGreedy(architecture, weights, prompt, exit, 5);
      expect(results.get(`@${exit}`)!.tokenIds).toEqual(ids);
    }
    await network.close();
  });
});

it('an early-exit network answers each exit with that exit’s own head', async () => {
  const sft = await openRandomNetwork(root, 'base', { exits: EXITS });
  const options = { kind: 'early-exit' as const, exits: EXITS, base: sft.folder };
  const { network, weights: heads } = await openRandomNetwork(root, 'early', options);
  const results = await answers(network, [{ tag: '', ids: prompt, exits: EXITS }], { maxNewTokens: 5 });
  const weights = new Map([...sft.weights, ...heads]);
  for (const exit of EXITS) {
    const head = exit === 4 ? 'lm_head.weight' : `exit_heads.${exit}.weight`;
    const ids = referenceGreedy(sft.architecture, weights, prompt, exit, 5, head);
    expect(results.get(`@${exit}`)!.tokenIds).toEqual(ids);
  }
  await network.close();
  await sft.network.close();
});

describe('the same numbers in other files give the same logits, bit for bit:', () => {
  const logitsOf = async (name: string, options: CheckpointOptions) => {
    const { network } = await openRandomNetwork(root, name, { exits: [4], ...options });
    const { hidden } = await prefill(network, [prompt], { segments: 1, from: 0 });
    const logits = await network.logits('head.onnx', hidden[0]!);
    await network.close();
    return Buffer.from(logits.buffer, logits.byteOffset, logits.byteLength);
  };

  it.each<[string, CheckpointOptions]>([
    ['bfloat16', { dtype: 'BF16' }],
    ['float16', { dtype: 'F16' }],
    ['three shards', { shards: 3 }],
    ['float32 at an odd offset', { shift: 1 }],
    ['bfloat16 at an odd offset in two shards', { dtype: 'BF16', shift: 3, shards: 2 }],
    ['float16 with a tied head', { dtype: 'F16', tiedHead: true }],
  ])('%s', async (name, options) => {
    const { tiedHead = false } = options;
    const plain = await logitsOf(`plain-${name}`, { tiedHead });
    expect((await logitsOf(`other-${name}`, options)).equals(plain)).toBe(true);
  });

  it('segments cut at other exits', async () => {
    const whole = await logitsOf('whole', { exits: [4] });
    const { network } = await openRandomNetwork(root, 'cut', { exits: [1, 2, 3, 4] });
    const { hidden } = await prefill(network, [prompt], { segments: 4, from: 0 });
    const logits = await network.logits('head.onnx', hidden[3]!);
    expect(Buffer.from(logits.buffer, logits.byteOffset, logits.byteLength).equals(whole)).toBe(true);
    await network.close();
  });
});

function largestDistance(ours: Float32Array, expected: readonly number[]): number {
  expect(ours.length).toBe(expected.length);
  return Math.max(...expected.map((value, id) => Math.abs(value - ours[id]!)));
}
