import { describe, expect, it } from 'vitest';
import { architectureOf, checkConfig } from '../../../../src/model/checkpoint/config/read-config.ts';
import { notesOn } from '../../../../src/model/checkpoint/config/refuse-config.ts';
import { FAMILIES, UNSUPPORTED_NETWORKS } from '../../../../src/model/networks/families.ts';
import { familyOf } from '../../../../src/model/networks/family-of.ts';
import { inputErrorOf } from '../../../support/failure.ts';

const base = {
  model_type: 'llama',
  num_hidden_layers: 4,
  hidden_size: 32,
  num_attention_heads: 4,
  intermediate_size: 40,
  vocab_size: 100,
};
const mistral = { ...base, model_type: 'mistral', num_key_value_heads: 4, max_position_embeddings: 1024 };
const qwen2 = {
  ...base,
  model_type: 'qwen2',
  num_key_value_heads: 4,
  use_sliding_window: true,
  sliding_window: 64,
};
const read = (config: object) => architectureOf(checkConfig(config, 'config.json'), 'config.json');
const notes = (config: object) => {
  const checked = checkConfig(config, 'config.json');
  return notesOn(familyOf(checked, 'config.json'), checked, read(config).contextLength);
};

describe('a checkpoint is imported that', () => {
  it.each<[string, object]>([
    ['names LLaMA', { ...base, architectures: ['LlamaForCausalLM'] }],
    ['names LLaMA as LLaMA-1 checkpoints do', { ...base, architectures: ['LLaMAForCausalLM'] }],
    ['names no architecture', { ...base, architectures: null }],
    [
      'is a Mistral without window',
      { ...mistral, architectures: ['MistralForCausalLM'], sliding_window: null },
    ],
    ['is a Mistral whose window is as long as its context', { ...mistral, sliding_window: 1024 }],
    ['is a LLaMA with a key that it does not read', { ...base, sliding_window: 16 }],
    ['calls silu swish', { ...base, hidden_act: 'swish' }],
    ['says that it is not quantised', { ...base, quantization_config: null }],
    ['rotates whole heads', { ...base, partial_rotary_factor: 1 }],
  ])('%s', (_, config) => {
    expect(read(config)).toMatchObject({ layers: 4 });
  });
});

describe('a checkpoint is refused by its name, with the reason,', () => {
  it.each([
    [
      'Olmo2ForCausalLM',
      'olmo2',
      /found Olmo2ForCausalLM of model_type olmo2\. It norms after attention and MLP\./,
    ],
    ['Gemma2ForCausalLM', 'gemma2', /It scales its embeddings, adds 1 to its norms/],
    ['Phi3ForCausalLM', 'phi3', /q, k and v, and gate and up, in one matrix/],
    ['MixtralForCausalLM', 'mixtral', /It routes tokens to experts./],
    ['LlamaForSequenceClassification', 'llama', /It has another head than a language model’s./],
    ['MambaForCausalLM', 'mamba', /It is not known to be LLaMA under another name./],
    ['ConstructorForCausalLM', 'constructor', /not known/],
  ])('if it is %s', async (architecture, model_type, message) => {
    // Keys of such a config.json go by other names, which must not be what the message is about.
    const error = await inputErrorOf(() => read({ model_type, architectures: [architecture], n_layer: 12 }));
    expect(error).toMatchObject({ code: 'unsupported-model', where: 'config.json: architectures' });
    expect(error.message).toMatch(message);
    const unnamed = await inputErrorOf(() => read({ ...base, model_type: 'olmo2' }));
    expect(unnamed).toMatchObject({ code: 'unsupported-model', where: 'config.json: model_type' });
  });

  it('only if it cannot be imported', () => {
    expect(FAMILIES.filter(({ modelType }) => UNSUPPORTED_NETWORKS.has(modelType))).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    ['hidden_act', { ...base, hidden_act: 'gelu' }, /expected silu, found gelu/],
    ['rope_parameters', { ...base, rope_parameters: { rope_type: 'proportional' } }, /found "proportional"/],
    [
      'rope_scaling',
      { ...base, rope_scaling: { type: 'longrope' } },
      /linear, dynamic, llama3 or yarn, found "longrope"/,
    ],
    ['partial_rotary_factor', { ...base, partial_rotary_factor: 0.5 }, /found 0.5/],
    [
      'partial_rotary_factor',
      { ...base, rope_parameters: { rope_theta: 10_000, partial_rotary_factor: 0.25 } },
      /found 0.25/,
    ],
    [
      'layer_types',
      { ...qwen2, layer_types: ['full_attention', 'linear_attention', 'full_attention', 'full_attention'] },
      /expected full_attention or sliding_attention, found linear_attention/,
    ],
    [
      'layer_types',
      { ...qwen2, use_sliding_window: false, layer_types: new Array(4).fill('sliding_attention') },
      /since no sliding window is switched on, found sliding_attention/,
    ],
  ])('by its key %s: %j', async (key, config, message) => {
    const error = await inputErrorOf(() => read(config));
    expect(error).toMatchObject({ code: 'unsupported-model', where: `config.json: ${key}` });
    expect(error.message).toMatch(message);
  });
});

describe('notesOn', () => {
  it('is empty for usual keys', () => {
    expect(notes({ ...base, pretraining_tp: 1, rope_scaling: null })).toEqual([]);
    expect(notes({ ...mistral, sliding_window: null })).toEqual([]);
  });

  it.each<[object, RegExp]>([
    [
      { ...base, quantization_config: { quant_method: 'gptq' } },
      /^quantization_config gptq is left over: the weights are plain floats$/,
    ],
    [{ ...base, quantization_config: {} }, /^quantization_config of an unnamed method is left over/],
    [{ ...base, pretraining_tp: 2 }, /^pretraining_tp 2 is left out/],
    [{ ...mistral, sliding_window: 4096 }, /^sliding_window 4096 is as long as the context/],
    [{ ...base, rope_scaling: { type: 'dynamic', factor: 2 } }, /from 2048 to 4096 tokens$/],
  ])('reports what was decided: %j', (config, note) => {
    expect(notes(config)).toEqual([expect.stringMatching(note)]);
  });
});
