import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beamSearch } from '../../src/engine/beam/beam-search.ts';
import { readHead } from '../../src/engine/forced/head-in-memory.ts';
import { KlMeter } from '../../src/engine/forced/kl-meter.ts';
import { prefill } from '../../src/engine/forced/prefill.ts';
import { FullDepthModel } from '../../src/engine/session/full-depth-model.ts';
import type { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { qwen2 } from '../../src/model/networks/qwen2.ts';
import { qwen3 } from '../../src/model/networks/qwen3.ts';
import { dtypeUnder, type QuantisedPrecision } from '../../src/model/quantise/precision.ts';
import { dequantiseRows, quantiseRows } from '../../src/model/quantise/quantise.ts';
import { answers, decodeTogether, randomIds, startRow } from '../support/decode.ts';
import { seededRandom } from '../support/random.ts';
import type { CheckpointOptions } from '../support/random-checkpoint.ts';
import { openRandomNetwork } from '../support/random-model.ts';
import { referenceLogits } from '../support/reference-llama.ts';
import type { NamedTensor } from '../support/safetensors-file.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const random = seededRandom(17);
const EXITS = [1, 2, 4];
const ids = randomIds(random, 12, 250);
/** Activations are rounded to 8 bits as well, and each layer reads what the last one wrote. */
const FROM_ROUNDED = 0.1;
const FROM_FP32 = { int8: 0.1, int4: 0.7 } as const;
const PRECISIONS: QuantisedPrecision[] = ['int8', 'int4'];

const NETWORKS: [string, CheckpointOptions][] = [
  ['no extras', {}],
  ['a tied head', { tiedHead: true }],
  ['biases', { attentionBias: true, mlpBias: true }],
  ['biases of q, k and v and a window', { family: qwen2, attentionWindow: { tokens: 5, layers: [0, 2] } }],
  ['norms of queries and keys and a tied head', { family: qwen3, tiedHead: true }],
  ['sizes that fill no block', { headDim: 6, heads: 3, kvHeads: 3, hiddenSize: 27, intermediateSize: 37 }],
];
const CASES = NETWORKS.flatMap(([name, options]) =>
  PRECISIONS.map((precision): [QuantisedPrecision, string, CheckpointOptions] => [precision, name, options]),
);

/** The network's weights as they are after quantising. */
function dequantised(weights: ReadonlyMap<string, NamedTensor>, precision: QuantisedPrecision) {
  const all = [...weights].map(([name, tensor]): [string, NamedTensor] => {
    const dtype = dtypeUnder(precision, name, tensor.shape);
    if (dtype === 'F32') return [name, tensor];
    const columns = tensor.shape[1]!;
    return [
      name,
      { ...tensor, values: dequantiseRows(quantiseRows(tensor.values, columns, dtype), columns, dtype) },
    ];
  });
  return new Map(all);
}

async function logitsAt(network: SegmentedModel, sequence: readonly number[]): Promise<Float32Array[]> {
  const { exits, heads } = network.manifest;
  const { hidden } = await prefill(network, [sequence], {
    segments: exits.length,
    from: sequence.length - 1,
  });
  const headOf = (exit: number) => heads.find((head) => head.exits.includes(exit))!.file;
  return Promise.all(exits.map((exit, index) => network.logits(headOf(exit), hidden[index]!)));
}

/** How far two vectors are apart, as a share of the length of the second. */
function relativeDistance(ours: Float32Array, expected: ArrayLike<number>): number {
  const differences = ours.map((value, index) => value - expected[index]!);
  return Math.hypot(...differences) / Math.hypot(...Array.from(expected));
}

describe.each(CASES)('at %s, a network with %s', (precision, name, options) => {
  let model: Awaited<ReturnType<typeof openRandomNetwork>>;
  beforeAll(async () => {
    const folder = `${precision}-${name.replaceAll(' ', '-')}`;
    model = await openRandomNetwork(root, folder, { exits: EXITS, precision, ...options });
  });
  afterAll(() => model.network.close());

  it('has nearly the logits of its fp32 model, and more nearly those of a plain LLaMA with its rounded weights', async () => {
    const { network, architecture, weights } = model;
    const whole = await openRandomNetwork(root, `whole-${precision}-${name}`, { exits: EXITS, ...options });
    const rounded = dequantised(weights, precision);
    const [found, exact] = [await logitsAt(network, ids), await logitsAt(whole.network, ids)];
    for (const [index, exit] of EXITS.entries()) {
      expect(relativeDistance(found[index]!, exact[index]!)).toBeLessThan(FROM_FP32[precision]);
      const ofRounded = referenceLogits(architecture, rounded, ids, exit);
      expect(relativeDistance(found[index]!, ofRounded)).toBeLessThan(FROM_ROUNDED);
    }
    await whole.network.close();
  });

  it('answers from its cache as it does without, and alone as among others', async () => {
    const { network } = model;
    const prompts = [3, 8, 12, 1].map((length, tag) => ({
      tag: `${tag}`,
      ids: ids.slice(0, length),
      exits: EXITS,
    }));
    const together = await answers(network, prompts);
    for (const prompt of prompts) {
      const alone = await answers(network, [prompt], { batchSize: 1 });
      for (const [key, { tokenIds }] of alone) expect(together.get(key)!.tokenIds).toEqual(tokenIds);
    }
    const { tokenIds } = together.get('2@4')!;
    for (const [index, id] of tokenIds.entries()) {
      const logits = (await logitsAt(network, [...ids, ...tokenIds.slice(0, index)])).at(-1)!;
      // Another order of sums may turn the rounding of an activation, and with it a close decision.
      expect(logits[id]! - Math.max(...logits)).toBeGreaterThan(-0.05);
    }
  });
});

describe.each(PRECISIONS)('at %s', (precision) => {
  it('a row’s hidden states are the same alone and beside any neighbours, bit for bit', async () => {
    const { network } = await openRandomNetwork(root, `${precision}-rows`, { exits: EXITS, precision });
    const start = (length: number) => startRow(network, randomIds(random, length, 250), 4);
    const row = await start(20);
    const [alone] = await decodeTogether(network, [row], 3);
    for (const lengths of [[5], [30, 2], [9, 9, 9, 9, 40, 1]]) {
      const others = await Promise.all(lengths.map(start));
      expect((await decodeTogether(network, [...others, row], 3)).at(-1)).toEqual(alone);
    }
    await network.close();
  });

  it('an early-exit network answers each exit with its own head, and the last as its SFT model', async () => {
    const sft = await openRandomNetwork(root, `${precision}-sft`, { exits: EXITS, precision });
    const options = { kind: 'early-exit' as const, exits: EXITS, base: sft.folder, precision };
    const early = await openRandomNetwork(root, `${precision}-early`, options);
    const weights = dequantised(new Map([...sft.weights, ...early.weights]), precision);
    const [found, ofSft] = [await logitsAt(early.network, ids), await logitsAt(sft.network, ids)];
    expect(found[2]).toEqual(ofSft[2]);
    for (const [index, exit] of [1, 2].entries()) {
      const expected = referenceLogits(sft.architecture, weights, ids, exit, `exit_heads.${exit}.weight`);
      expect(relativeDistance(found[index]!, expected)).toBeLessThan(FROM_ROUNDED);
    }
    await early.network.close();
    await sft.network.close();
  });

  it('one beam without penalty is greedy decoding', async () => {
    const { network, modelFolder } = await openRandomNetwork(root, `${precision}-beams`, { precision });
    const beams = await FullDepthModel.open(modelFolder);
    const prompts = [5, 17, 40].map((length, tag) => ({
      tag: `${tag}`,
      ids: randomIds(random, length, 250),
    }));
    const greedy = await answers(
      network,
      prompts.map((prompt) => ({ ...prompt, exits: [4] })),
    );
    const settings = {
      numBeams: 1,
      rule: 'transformers-4.28',
      repetitionPenalty: 1,
      maxNewTokens: 8,
      eosTokenIds: [],
      batchSize: 4,
    } as const;
    for await (const { tag, tokenIds } of beamSearch(beams, prompts, settings))
      expect(tokenIds).toEqual(greedy.get(`${tag}@4`)!.tokenIds);
    await beams.close();
    await network.close();
  });

  it('KL from itself is 0, and from its fp32 model small', async () => {
    const whole = await openRandomNetwork(root, `${precision}-whole`, { exits: EXITS });
    const { network, modelFolder } = await openRandomNetwork(root, `${precision}-kl`, {
      exits: EXITS,
      precision,
    });
    const statesOf = async (of: SegmentedModel) =>
      (await prefill(of, [ids], { segments: 3, from: 0 })).hidden[2]!;
    const [exact, rounded] = [await statesOf(whole.network), await statesOf(network)];
    const [reference, head] = [
      readHead(whole.modelFolder, whole.network.manifest, 4),
      readHead(modelFolder, network.manifest, 4),
    ];
    expect(await klOf(head, rounded, head, rounded)).toBeCloseTo(0, 6);
    const kl = await klOf(reference, exact, head, rounded);
    expect(kl).toBeGreaterThan(1e-6);
    expect(kl).toBeLessThan(precision === 'int8' ? 0.01 : 1);
    await whole.network.close();
    await network.close();
  });
});

type Head = ReturnType<typeof readHead>;

async function klOf(
  reference: Head,
  referenceStates: Float32Array,
  head: Head,
  states: Float32Array,
): Promise<number> {
  const meter = await KlMeter.open(reference, [head]);
  const [[values]] = (await meter.measure(referenceStates, [[states]])) as [[number[]]];
  await meter.close();
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
