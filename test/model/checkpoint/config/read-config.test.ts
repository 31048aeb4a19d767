import { describe, expect, it } from 'vitest';
import { biasesOf } from '../../../../src/model/checkpoint/architecture.ts';
import { eosIdList } from '../../../../src/model/checkpoint/config/huggingface-config.ts';
import { architectureOf, checkConfig } from '../../../../src/model/checkpoint/config/read-config.ts';
import { inputErrorOf } from '../../../support/failure.ts';

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
      ropeScaling: null,
      contextLength: 2048,
      tiedHead: false,
      biases: { q: false, k: false, v: false, o: false, gate: false, up: false, down: false },
      norm: 'rms',
      activation: 'silu',
      embeddingScale: 1,
      attentionWindow: null,
      headNorms: false,
    });
  });

  it('fills in what MistralConfig defaults to, and leaves what is given', () => {
    const mistral = { model_type: 'mistral', num_attention_heads: 16, hidden_size: 64 };
    expect(read({ ...mistral, sliding_window: null })).toMatchObject({
      kvHeads: 8,
      contextLength: 131_072,
    });
    expect(read({ ...mistral, num_key_value_heads: null, max_position_embeddings: 4096 })).toMatchObject({
      kvHeads: 16,
      contextLength: 4096,
    });
  });

  it.each([
    [
      { attention_bias: true, mlp_bias: true },
      { attention: true, mlp: true },
    ],
    [{ attention_bias: true }, { attention: true, mlp: false }],
    [
      { attention_bias: null, mlp_bias: true },
      { attention: false, mlp: true },
    ],
  ])('reads LLaMA’s biases: %j', (keys, { attention, mlp }) => {
    expect(read(keys).biases).toEqual(biasesOf(attention, mlp));
  });

  it('reads no biases of a Mistral, even if its config.json turns them on', () => {
    const mistral = { model_type: 'mistral', num_key_value_heads: 4, sliding_window: null };
    const keys = { ...mistral, attention_bias: true, mlp_bias: true };
    expect(read(keys).biases).toEqual(biasesOf(false, false));
  });

  it.each<[string, object, object | null, number]>([
    ['none, given as null', { rope_scaling: null }, null, 2048],
    ['none, given as default', { rope_parameters: { rope_type: 'default' } }, null, 2048],
    ['linear', { rope_scaling: { type: 'linear', factor: 2.5 } }, { type: 'linear', factor: 2.5 }, 5120],
    [
      'dynamic',
      { rope_parameters: { rope_type: 'dynamic', factor: 2 } },
      { type: 'dynamic', factor: 2, originalLength: 2048 },
      4096,
    ],
    [
      'dynamic by a factor below 1, which shortens nothing',
      { rope_scaling: { rope_type: 'dynamic', factor: 0.5 } },
      { type: 'dynamic', factor: 0.5, originalLength: 2048 },
      2048,
    ],
    [
      'llama3, whose context is given',
      {
        rope_scaling: {
          rope_type: 'llama3',
          factor: 8,
          low_freq_factor: 1,
          high_freq_factor: 4,
          original_max_position_embeddings: 512,
        },
      },
      { type: 'llama3', factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalLength: 512 },
      2048,
    ],
    [
      'yarn, which stretches the original context, whatever max_position_embeddings is',
      { rope_scaling: { type: 'yarn', factor: 4, original_max_position_embeddings: 512 } },
      { type: 'yarn', factor: 4, betaFast: 32, betaSlow: 1, truncate: true, originalLength: 512 },
      2048,
    ],
    [
      'yarn, whose original context outside of the dictionary counts first',
      {
        original_max_position_embeddings: 256,
        rope_scaling: { type: 'yarn', factor: 4, original_max_position_embeddings: 512 },
      },
      { type: 'yarn', factor: 4, originalLength: 256 },
      1024,
    ],
    [
      'yarn without an original context',
      {
        rope_parameters: {
          rope_type: 'yarn',
          factor: 2,
          attention_factor: 1.5,
          beta_slow: 2,
          truncate: false,
        },
      },
      { attentionFactor: 1.5, betaFast: 32, betaSlow: 2, truncate: false, originalLength: 2048 },
      4096,
    ],
  ])('reads the rope scaling and the context it makes: %s', (_, keys, ropeScaling, contextLength) => {
    expect(read(keys)).toMatchObject({ ropeScaling, contextLength });
  });

  it.each<[string, object]>([
    ['num_hidden_layers', { num_hidden_layers: undefined }],
    ['hidden_size', { hidden_size: '32' }],
    ['vocab_size', { vocab_size: 0 }],
    ['num_key_value_heads', { num_key_value_heads: 3 }],
    ['head_dim', { head_dim: 7 }],
    ['head_dim', { hidden_size: 30 }],
    ['rope_scaling: factor', { rope_scaling: { type: 'linear' } }],
    ['rope_parameters: factor', { rope_parameters: { rope_type: 'dynamic', factor: 0 } }],
    ['rope_scaling: low_freq_factor', { rope_scaling: { rope_type: 'llama3', factor: 8 } }],
    [
      'rope_scaling: high_freq_factor',
      { rope_scaling: { rope_type: 'llama3', factor: 8, low_freq_factor: 4, high_freq_factor: 4 } },
    ],
    ['rope_scaling: factor', { rope_scaling: { rope_type: 'yarn' } }],
    ['rope_scaling: attention_factor', { rope_scaling: { type: 'yarn', factor: 2, attention_factor: -1 } }],
    ['rope_scaling: beta_fast', { rope_scaling: { type: 'yarn', factor: 2, beta_fast: 1, beta_slow: 1 } }],
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
