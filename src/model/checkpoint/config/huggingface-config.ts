import { z } from 'zod';
import { windowKeys } from './attention-window.ts';
import { ropeKeys } from './rope-scaling.ts';

const count = z.int().positive();
const eosIds = z.union([z.int(), z.array(z.int())]).nullish();

/** Which network it is: read first, since networks of other families name the other keys differently. */
export const identitySchema = z.looseObject({
  model_type: z.string(),
  architectures: z.array(z.string()).nullish(),
});

/**
 * config.json of transformers 4 (`rope_theta`, `rope_scaling`) and 5 (`rope_parameters`). Other keys pass.
 */
export const configSchema = identitySchema.extend({
  num_hidden_layers: count,
  hidden_size: count,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  intermediate_size: count,
  vocab_size: count,
  rms_norm_eps: z.number().positive().default(1e-6),
  ...ropeKeys,
  ...windowKeys,
  tie_word_embeddings: z.boolean().default(false),
  hidden_act: z.string().default('silu'),
  attention_bias: z.boolean().nullish(),
  mlp_bias: z.boolean().nullish(),
  pretraining_tp: z.int().nullish(),
  quantization_config: z.looseObject({ quant_method: z.string().optional() }).nullish(),
  bos_token_id: z.int().nullish(),
  eos_token_id: eosIds,
});

export type HuggingFaceConfig = z.output<typeof configSchema>;

/** generation_config.json; only the ids that end a response matter here. */
export const generationConfigSchema = z.looseObject({ eos_token_id: eosIds });

/** One id, several ids or none, as both files write it. */
export function eosIdList(value: z.output<typeof eosIds>): number[] {
  if (value === null || value === undefined) return [];
  return typeof value === 'number' ? [value] : value;
}
