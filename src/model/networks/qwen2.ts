import { type NetworkFamily, NO_BIASES } from './network-family.ts';

/** Qwen2 and Qwen2.5 without their sliding window (transformers: models/qwen2/modeling_qwen2.py). */
export const qwen2: NetworkFamily = {
  name: 'Qwen2',
  modelType: 'qwen2',
  architectures: ['Qwen2ForCausalLM'],
  defaults: { num_key_value_heads: 32, max_position_embeddings: 32_768 },
  biases: { ...NO_BIASES, q: true, k: true, v: true },
  norm: 'rms',
  activation: 'silu',
  embeddingScale: 1,
  refuse: [
    {
      key: 'use_sliding_window',
      accept: [false],
      fix: 'Attention to a sliding window is not implemented; give a checkpoint without it.',
    },
  ],
};
