import type { NetworkFamily } from './network-family.ts';

/** LLaMA 1 to 3 (transformers: models/llama/modeling_llama.py). */
export const llama: NetworkFamily = {
  name: 'LLaMA',
  modelType: 'llama',
  architectures: ['LlamaForCausalLM'],
  defaults: {},
  biases: {
    q: 'attention_bias',
    k: 'attention_bias',
    v: 'attention_bias',
    o: 'attention_bias',
    gate: 'mlp_bias',
    up: 'mlp_bias',
    down: 'mlp_bias',
  },
  norm: 'rms',
  activation: 'silu',
  embeddingScale: 1,
  window: 'none',
  headNorms: false,
};
