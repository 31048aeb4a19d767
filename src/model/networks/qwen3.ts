import type { NetworkFamily } from './network-family.ts';

/** Qwen3's dense models (transformers: models/qwen3/modeling_qwen3.py). */
export const qwen3: NetworkFamily = {
  name: 'Qwen3',
  modelType: 'qwen3',
  architectures: ['Qwen3ForCausalLM'],
  defaults: { num_key_value_heads: 32, head_dim: 128, max_position_embeddings: 32_768, sliding_window: 4096 },
  biases: {
    q: 'attention_bias',
    k: 'attention_bias',
    v: 'attention_bias',
    o: 'attention_bias',
    gate: false,
    up: false,
    down: false,
  },
  norm: 'rms',
  activation: 'silu',
  embeddingScale: 1,
  window: 'upper-layers',
  headNorms: true,
};
