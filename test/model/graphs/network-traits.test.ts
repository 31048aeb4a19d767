import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beamSearch } from '../../../src/engine/beam/beam-search.ts';
import { FullDepthModel } from '../../../src/engine/session/full-depth-model.ts';
import { DEFAULT_TRAITS } from '../../../src/model/checkpoint/architecture.ts';
import { FAMILIES } from '../../../src/model/networks/families.ts';
import { llama } from '../../../src/model/networks/llama.ts';
import { type NetworkFamily, NO_BIASES } from '../../../src/model/networks/network-family.ts';
import { divergences, type GoldenCase, greedyIds, logitDistances } from '../../support/golden.ts';
import { seededRandom } from '../../support/random.ts';
import { openRandomNetwork } from '../../support/random-model.ts';
import { referenceGreedy, referenceLogits } from '../../support/reference-llama.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const madeUp = { ...llama, modelType: 'made_up', architectures: ['MadeUpForCausalLM'] };
const FAMILY_OF: Readonly<Record<string, NetworkFamily>> = {
  'biases on q, k and v alone': { ...madeUp, biases: { ...NO_BIASES, q: true, k: true, v: true } },
  'a bias on o and one on up': { ...madeUp, biases: { ...NO_BIASES, o: true, up: true } },
  'norms of 1 + w': { ...madeUp, norm: 'rms-plus-one' },
  'GELU instead of SiLU': {
    ...madeUp,
    activation: 'gelu-tanh',
    defaults: { hidden_act: 'gelu_pytorch_tanh' },
  },
  'norms of queries and keys': { ...madeUp, headNorms: true },
  'norms of 1 + w of queries and keys': { ...madeUp, headNorms: true, norm: 'rms-plus-one' },
  'embeddings times √D': { ...madeUp, embeddingScale: 'sqrt-hidden-size' },
};
const EXITS = [1, 2, 4];
const NEW_TOKENS = 5;
/** float32 against float64, of logits around 5. */
const LOGIT_TOLERANCE = 1e-4;
const KL_TOLERANCE = 1e-4;
const root = tempFolder();
const random = seededRandom(5);
const prompt = [0, ...Array.from({ length: 11 }, () => random.below(250))];

// A network is its data alone: one entry among the families, and import, both engines and KL follow.
describe.each(Object.entries(FAMILY_OF))('a made-up network with %s', (name, family) => {
  const families = FAMILIES as NetworkFamily[];
  let model: Awaited<ReturnType<typeof openRandomNetwork>>;
  let expected: GoldenCase;
  beforeAll(async () => {
    families.push(family);
    const options = { exits: EXITS, family, config: { eos_token_id: null } };
    model = await openRandomNetwork(root, name.replaceAll(/\W/g, '-'), options);
    expected = referenceCase(model);
  });
  afterAll(async () => {
    families.pop();
    await model?.network.close();
  });

  it('computes something else than LLaMA', () => {
    const plain = { ...model.architecture, ...DEFAULT_TRAITS };
    const weights = new Map([...model.weights].filter(([tensor]) => !tensor.endsWith('.bias')));
    const ofLlama = referenceLogits(plain, weights, prompt, 4);
    const ours = referenceLogits(model.architecture, model.weights, prompt, 4);
    expect(Math.max(...ours.map((logit, id) => Math.abs(logit - ofLlama[id]!)))).toBeGreaterThan(0.1);
  });

  it('has the logits and greedy ids of a plain float64 network at every exit', async () => {
    expect(await greedyIds(model.network, [expected])).toEqual([expected.exits]);
    const distances = await logitDistances(model.network, [expected]);
    expect([...distances.keys()]).toEqual(EXITS);
    expect(Math.max(...distances.values())).toBeLessThan(LOGIT_TOLERANCE);
  });

  it('has its KL, whose graph gets the weights as they are stored', async () => {
    const ours = await divergences(model.network, model.modelFolder, expected);
    expect(Object.keys(ours).map(Number)).toEqual(EXITS);
    for (const exit of EXITS) {
      const differences = ours[exit]!.map((nats, token) =>
        Math.abs(nats - klOf(model, expected, exit, token)),
      );
      expect(differences).toHaveLength(NEW_TOKENS);
      expect(Math.max(...differences)).toBeLessThan(KL_TOLERANCE);
    }
  });

  it('decodes to the same ids at full depth', async () => {
    const full = await FullDepthModel.open(model.modelFolder);
    const settings = {
      rule: 'transformers-4.36',
      numBeams: 1,
      repetitionPenalty: 1,
      maxNewTokens: NEW_TOKENS,
      eosTokenIds: [],
      batchSize: 4,
    } as const;
    const found: (readonly number[])[] = [];
    for await (const { tokenIds } of beamSearch(full, [{ tag: 0, ids: prompt }], settings))
      found.push(tokenIds);
    await full.close();
    expect(found).toEqual([expected.exits[4]]);
  });
});

type Model = Awaited<ReturnType<typeof openRandomNetwork>>;

/** In the form of the golden files of scripts/train. */
function referenceCase({ architecture, weights }: Model): GoldenCase {
  const byExit = <T>(find: (exit: number) => T) =>
    Object.fromEntries(EXITS.map((exit) => [exit, find(exit)]));
  const exits = byExit((exit) => referenceGreedy(architecture, weights, prompt, exit, NEW_TOKENS));
  const logitsAfter = (ids: readonly number[], exit: number) => {
    const values = referenceLogits(architecture, weights, ids, exit);
    return { ids: [...values.keys()], values };
  };
  return {
    prompt_ids: prompt,
    exits,
    logits: byExit((exit) => logitsAfter(prompt, exit)),
    last_logits: byExit((exit) => logitsAfter([...prompt, ...exits[exit]!.slice(0, -1)], exit)),
  };
}

/** KL(last exit ‖ exit) in nats before token `token` of the last exit's response. */
function klOf({ architecture, weights }: Model, { exits }: GoldenCase, exit: number, token: number): number {
  const ids = [...prompt, ...exits[4]!.slice(0, token)];
  const [p, q] = [4, exit].map((depth) => logSoftmax(referenceLogits(architecture, weights, ids, depth)));
  return p!.reduce((sum, logP, id) => sum + Math.exp(logP) * (logP - q![id]!), 0);
}

function logSoftmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const logTotal = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
  return logits.map((logit) => logit - largest - logTotal);
}
