import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readHead } from '../../src/engine/forced/head-in-memory.ts';
import { KlMeter } from '../../src/engine/forced/kl-meter.ts';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { openLocalJudge } from '../../src/judge/local-judge.ts';
import { type Damage, damageTensor } from '../support/damage-tensor.ts';
import { answers } from '../support/decode.ts';
import { inputErrorOf } from '../support/failure.ts';
import { importRandomModel } from '../support/random-model.ts';
import type { Dtype } from '../support/safetensors-file.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const TOKEN = 70;
const WIDTH = 32;
const prompt = { tag: 'p', ids: [0, 5, TOKEN, 9], exits: [2, 4] };

afterEach(() => {
  for (const name of ['model', 'model-checkpoint'])
    rmSync(join(root, name), { recursive: true, force: true });
});

function damagedModel(tensor: string, element: number, damage: Damage = 'NaN', dtype: Dtype = 'F32'): string {
  const { modelFolder } = importRandomModel(root, 'model', { exits: [2, 4], dtype });
  damageTensor(join(modelFolder, 'model.safetensors'), tensor, element, damage);
  return modelFolder;
}

async function answerWith(folder: string, ids = prompt.ids, exits = prompt.exits) {
  const network = await SegmentedModel.open(folder);
  try {
    return await answers(network, [{ ...prompt, ids, exits }], { maxNewTokens: 3 });
  } finally {
    await network.close();
  }
}

const DAMAGES: [tensor: string, element: number, damage: Damage, dtype: Dtype][] = [
  ['lm_head.weight', 17, 'NaN', 'F32'],
  ['lm_head.weight', 0, 'Infinity', 'F32'],
  ['lm_head.weight', 100 * WIDTH, '-Infinity', 'F32'],
  ['model.norm.weight', 31, 'NaN', 'F32'],
  ['model.embed_tokens.weight', TOKEN * WIDTH, 'NaN', 'F32'],
  ['model.layers.0.self_attn.q_proj.weight', 3, 'NaN', 'F32'],
  ['model.layers.0.self_attn.v_proj.weight', 3, 'Infinity', 'BF16'],
  ['model.layers.1.mlp.down_proj.weight', 8, 'NaN', 'BF16'],
  ['model.layers.0.input_layernorm.weight', 8, 'NaN', 'F16'],
];

describe('a model gives no answer with', () => {
  it.each(DAMAGES)('%s[%d] = %s in %s', async (tensor, element, damage, dtype) => {
    const folder = damagedModel(tensor, element, damage, dtype);
    const error = await inputErrorOf(() => answerWith(folder));
    expect(error).toMatchObject({ code: 'bad-checkpoint', where: join(folder, 'head.onnx') });
    expect(error.message).toContain('expected finite numbers');
    expect(error.message).toContain('sorted-eval doctor');
  });
});

describe('a damaged weight', () => {
  it('of a layer spoils the exits from there on, and no other', async () => {
    const folder = damagedModel('model.layers.3.mlp.up_proj.weight', 5);
    expect((await answerWith(folder, prompt.ids, [2])).get('p@2')!.tokenIds).toHaveLength(3);
    await inputErrorOf(() => answerWith(folder, prompt.ids, [4]));
  });

  it('of one token’s embedding spoils prompts that hold it, and no other', async () => {
    const folder = damagedModel('model.embed_tokens.weight', TOKEN * WIDTH);
    const fine = await answerWith(folder, [0, 5, 9], [2]);
    expect(fine.get('p@2')!.tokenIds).toHaveLength(3);
    await inputErrorOf(() => answerWith(folder));
  });

  it('of a judge’s head ends its beam search', async () => {
    const folder = damagedModel('lm_head.weight', 17);
    const judge = await openLocalJudge(folder, {
      label: 'j',
      decoding: 'beams',
      maxNewTokens: 4,
      batchSize: 8,
    });
    const error = await inputErrorOf(async () => {
      for await (const _ of judge.ask([{ tag: 1, text: 'Which is better?' }])) throw new Error('it answered');
    });
    expect(error.where).toBe(join(folder, 'beam-head.onnx'));
    await judge.close();
  });

  it('of a head gives no KL', async () => {
    const folder = damagedModel('lm_head.weight', 17);
    const network = await SegmentedModel.open(folder);
    const head = readHead(folder, network.manifest, 4);
    const meter = await KlMeter.open(head, [head]);
    const states = new Float32Array(2 * WIDTH).fill(0.5);
    const error = await inputErrorOf(() => meter.measure(states, [[states]]));
    expect(error.where).toBe(`KL of ${folder} from ${folder}`);
    await meter.close();
    await network.close();
  });
});

describe('a token id that the weights have no row for', () => {
  it.each([262, -1, 2 ** 40])('%d is refused, naming the tokenizer', async (id) => {
    const { modelFolder } = importRandomModel(root, 'model', { exits: [2, 4] });
    const error = await inputErrorOf(() => answerWith(modelFolder, [0, id, 5]));
    expect(error).toMatchObject({ code: 'bad-checkpoint', where: join(modelFolder, 'tokenizer.json') });
    expect(error.message).toContain(`token ids from 0 to 261, which the weights have, found ${id}`);
  });
});
