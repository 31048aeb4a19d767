import { describe, expect, it } from 'vitest';
import { architectureOf, checkConfig, eosIdList } from '../../src/model/architecture.ts';
import { inputErrorOf } from '../support/failure.ts';

const base = {
  model_type: 'llama',
  num_hidden_layers: 4,
  hidden_size: 32,
  num_attention_heads: 4,
  intermediate_size: 40,
  vocab_size: 100,
};
const read = (keys: object) =>
  architectureOf(checkConfig({ ...base, ...keys }, 'config.json'), 'config.json');

describe('architectureOf', () => {
  it('reads a config.json of transformers 4', () => {
    const keys = { rope_theta: 500_000, rope_scaling: null, torch_dtype: 'bfloat16', num_key_value_heads: 2 };
    expect(read(keys)).toMatchObject({ ropeTheta: 500_000, kvHeads: 2, headDim: 8 });
  });

  it('reads a config.json of transformers 5', () => {
    const keys = {
      rope_parameters: { rope_theta: 100_000, rope_type: 'default' },
      dtype: 'float32',
      head_dim: 16,
    };
    expect(read(keys)).toMatchObject({ ropeTheta: 100_000, headDim: 16 });
  });

  it('fills in what LlamaConfig defaults to', () => {
    expect(read({})).toEqual({
      layers: 4,
      hiddenSize: 32,
      heads: 4,
      kvHeads: 4,
      headDim: 8,
      intermediateSize: 40,
      vocabSize: 100,
      rmsNormEps: 1e-6,
      ropeTheta: 10_000,
      contextLength: 2048,
      tiedHead: false,
    });
  });

  it.each<[string, object]>([
    ['model_type', { model_type: 'mistral' }],
    ['hidden_act', { hidden_act: 'gelu' }],
    ['rope type', { rope_scaling: { type: 'linear', factor: 2 } }],
    ['rope type', { rope_scaling: { rope_type: 'llama3', factor: 8 } }],
    ['rope type', { rope_parameters: { rope_type: 'yarn', rope_theta: 10_000 } }],
    ['attention_bias', { attention_bias: true }],
    ['mlp_bias', { mlp_bias: true }],
    ['quantization_config', { quantization_config: { quant_method: 'gptq' } }],
  ])('refuses by its name what the graphs cannot express: %s in %j', async (key, keys) => {
    const error = await inputErrorOf(() => read(keys));
    expect(error).toMatchObject({ code: 'unsupported-model', where: `config.json: ${key}` });
  });

  it.each<[string, object]>([
    ['num_hidden_layers', { num_hidden_layers: undefined }],
    ['hidden_size', { hidden_size: '32' }],
    ['vocab_size', { vocab_size: 0 }],
    ['num_key_value_heads', { num_key_value_heads: 3 }],
    ['head_dim', { head_dim: 7 }],
    ['head_dim', { hidden_size: 30 }],
  ])('refuses a %s that no network can have: %j', async (key, keys) => {
    const error = await inputErrorOf(() => read(keys));
    expect(error).toMatchObject({ code: 'bad-checkpoint', where: `config.json: ${key}` });
  });
});

describe('eosIdList', () => {
  it.each([
    [2, [2]],
    [
      [128001, 128009],
      [128001, 128009],
    ],
    [null, []],
    [undefined, []],
  ])('reads %j as %j', (value, ids) => {
    expect(eosIdList(value)).toEqual(ids);
  });
});
