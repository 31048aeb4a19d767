import { NO_BIASES } from './network-family.js';
/** Mistral 7B without its sliding window (transformers: models/mistral/modeling_mistral.py). */
export const mistral = {
    name: 'Mistral',
    modelType: 'mistral',
    architectures: ['MistralForCausalLM'],
    defaults: { num_key_value_heads: 8, max_position_embeddings: 131_072, sliding_window: 4096 },
    biases: NO_BIASES,
    norm: 'rms',
    activation: 'silu',
    embeddingScale: 1,
    refuse: [
        {
            key: 'sliding_window',
            accept: 'whole-context',
            fix: 'Attention to a sliding window is not implemented; give a checkpoint without it.',
        },
    ],
};
