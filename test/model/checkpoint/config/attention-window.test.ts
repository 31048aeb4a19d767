import { describe, expect, it } from 'vitest';
import { architectureOf, checkConfig } from '../../../../src/model/checkpoint/config/read-config.ts';
import { inputErrorOf } from '../../../support/failure.ts';

const base = {
  num_hidden_layers: 4,
  hidden_size: 32,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  intermediate_size: 40,
  vocab_size: 100,
  max_position_embeddings: 1024,
};
const llama = { ...base, model_type: 'llama' };
const mistral = { ...base, model_type: 'mistral' };
const qwen2 = { ...base, model_type: 'qwen2', use_sliding_window: true, sliding_window: 64 };
const types = (text: string) =>
  [...text].map((kind) => (kind === 's' ? 'sliding_attention' : 'full_attention'));
const read = (config: object) => architectureOf(checkConfig(config, 'config.json'), 'config.json');

describe('the window of a network', () => {
  it.each<[string, object, { tokens: number; layers: number[] } | null]>([
    ['Mistral’s, in all layers', { ...mistral, sliding_window: 64 }, { tokens: 64, layers: [0, 1, 2, 3] }],
    [
      'Mistral’s default',
      { ...mistral, max_position_embeddings: 8192 },
      { tokens: 4096, layers: [0, 1, 2, 3] },
    ],
    [
      'one shorter than the context by a token',
      { ...mistral, sliding_window: 1023 },
      { tokens: 1023, layers: [0, 1, 2, 3] },
    ],
    ['none as long as the context', { ...mistral, sliding_window: 1024 }, null],
    [
      'one as long as the context before it was stretched',
      { ...mistral, sliding_window: 1024, rope_scaling: { type: 'linear', factor: 2 } },
      { tokens: 1024, layers: [0, 1, 2, 3] },
    ],
    ['none that is null', { ...mistral, sliding_window: null }, null],
    ['none of 0 tokens', { ...mistral, sliding_window: 0 }, null],
    ['none of LLaMA, which does not read the key', { ...llama, sliding_window: 64 }, null],
    ['none of Qwen2 that is not switched on', { ...qwen2, use_sliding_window: false }, null],
    ['none of Qwen2 that is null', { ...qwen2, sliding_window: null }, null],
    ['none of Qwen2 above the last layer', { ...qwen2, max_window_layers: 4 }, null],
    ['none of Qwen2 above 28 layers by default', qwen2, null],
    ['Qwen2’s, in the upper layers', { ...qwen2, max_window_layers: 3 }, { tokens: 64, layers: [3] }],
    ['Qwen2’s, in all layers', { ...qwen2, max_window_layers: 0 }, { tokens: 64, layers: [0, 1, 2, 3] }],
    [
      'Qwen2’s, in the layers that layer_types names',
      { ...qwen2, max_window_layers: 0, layer_types: types('sfsf') },
      { tokens: 64, layers: [0, 2] },
    ],
    [
      'none in layer_types of full attention',
      { ...qwen2, max_window_layers: 0, layer_types: types('ffff') },
      null,
    ],
  ])('is %s', (_, config, expected) => {
    expect(read(config).attentionWindow).toEqual(expected);
  });

  it('is refused where layer_types has another number of layers', async () => {
    const error = await inputErrorOf(() => read({ ...qwen2, layer_types: types('ff') }));
    expect(error).toMatchObject({ code: 'bad-checkpoint', where: 'config.json: layer_types' });
    expect(error.message).toMatch(/one name for each of the 4 layers, found 2 names/);
  });
});
