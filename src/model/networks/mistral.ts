import { type NetworkFamily, NO_BIASES } from './network-family.ts';

/** Mistral 7B (transformers: models/mistral/modeling_mistral.py). */
export const mistral: NetworkFamily = {
  name: 'Mistral',
  modelType: 'mistral',
  architectures: ['MistralForCausalLM'],
  defaults: { num_key_value_heads: 8, max_position_embeddings: 131_072, sliding_window: 4096 },
  biases: NO_BIASES,
  norm: 'rms',
  activation: 'silu',
  embeddingScale: 1,
  window: 'all-layers',
  headNorms: false,
};
