import { type NetworkFamily, NO_BIASES } from './network-family.ts';

/** Qwen2 and Qwen2.5 (transformers: models/qwen2/modeling_qwen2.py). */
export const qwen2: NetworkFamily = {
  name: 'Qwen2',
  modelType: 'qwen2',
  architectures: ['Qwen2ForCausalLM'],
  defaults: { num_key_value_heads: 32, max_position_embeddings: 32_768, sliding_window: 4096 },
  biases: { ...NO_BIASES, q: true, k: true, v: true },
  norm: 'rms',
  activation: 'silu',
  embeddingScale: 1,
  window: 'upper-layers',
  headNorms: false,
};
