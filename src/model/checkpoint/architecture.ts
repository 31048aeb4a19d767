import { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import { checkSchema } from '../../data/json-file.ts';
import { refuseOtherNetwork, refuseUnsupported } from '../networks/supported.ts';
import { type Rope, readRope, ropeKeys } from './rope-scaling.ts';

/** Shape of a LLaMA network, as the graphs and the runtime need it. */
export interface Architecture extends Rope {
  readonly layers: number;
  /** D */
  readonly hiddenSize: number;
  /** H: query heads */
  readonly heads: number;
  /** kvH: key and value heads; H / kvH query heads share one */
  readonly kvHeads: number;
  readonly headDim: number;
  readonly intermediateSize: number;
  /** V */
  readonly vocabSize: number;
  readonly rmsNormEps: number;
  /** The head's weight is the embedding's. */
  readonly tiedHead: boolean;
  /** The four projections of attention have biases. */
  readonly attentionBias: boolean;
  /** The three projections of the MLP have biases. */
  readonly mlpBias: boolean;
}

const count = z.int().positive();
/** Tokens; the rotary tables of this many take gigabytes, so more is a mistake or worse. */
export const MAX_CONTEXT = 4_194_304;
const eosIds = z.union([z.int(), z.array(z.int())]).nullish();

/** Which network it is; the other keys go by other names where it is none of ours. */
const identitySchema = z.looseObject({
  model_type: z.string(),
  architectures: z.array(z.string()).nullish(),
});
export type NetworkIdentity = z.output<typeof identitySchema>;

/** config.json of transformers 4 (`rope_theta`, `rope_scaling`) and 5 (`rope_parameters`). Foreign keys pass. */
const configSchema = identitySchema.extend({
  num_hidden_layers: count,
  hidden_size: count,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  intermediate_size: count,
  vocab_size: count,
  rms_norm_eps: z.number().positive().default(1e-6),
  ...ropeKeys,
  sliding_window: z.int().nonnegative().nullish(),
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

/** What MistralConfig takes for keys that are absent, where LlamaConfig takes something else. */
const MISTRAL_DEFAULTS = { num_key_value_heads: 8, max_position_embeddings: 131_072, sliding_window: 4096 };

/** generation_config.json; only the ids that end an answer matter here. */
export const generationConfigSchema = z.looseObject({ eos_token_id: eosIds });

/** @throws InputError `unsupported-model` for another network, `bad-checkpoint` */
export function checkConfig(value: unknown, path: string): HuggingFaceConfig {
  const place = { path, fix: 'Give a Hugging Face LLaMA checkpoint.', code: 'bad-checkpoint' } as const;
  const identity = checkSchema(value, identitySchema, place);
  refuseOtherNetwork(identity, path);
  const defaults = identity.model_type === 'mistral' ? MISTRAL_DEFAULTS : {};
  return checkSchema({ ...defaults, ...identity }, configSchema, place);
}

/**
 * Reads the network's shape from a checked config.json and refuses by its key what the graphs cannot express.
 * @throws InputError `unsupported-model` or `bad-checkpoint`
 */
export function architectureOf(config: HuggingFaceConfig, path: string): Architecture {
  const rope = readRope(config, path);
  if (rope.contextLength > MAX_CONTEXT) {
    throw new InputError({
      code: 'bad-checkpoint',
      where: `${path}: max_position_embeddings`,
      expected: `a context of at most ${MAX_CONTEXT} tokens, after scaling`,
      found: `${rope.contextLength}`,
      fix: 'Repair config.json.',
    });
  }
  refuseUnsupported(config, rope.contextLength, path);
  const heads = config.num_attention_heads;
  const kvHeads = config.num_key_value_heads ?? heads;
  if (heads % kvHeads !== 0) {
    throw new InputError({
      code: 'bad-checkpoint',
      where: `${path}: num_key_value_heads`,
      expected: `a divisor of ${heads}`,
      found: `${kvHeads}`,
      fix: 'Repair config.json.',
    });
  }
  const headDim = config.head_dim ?? config.hidden_size / heads;
  // The rotary embedding turns pairs.
  if (headDim % 2 !== 0) {
    throw new InputError({
      code: 'bad-checkpoint',
      where: `${path}: head_dim`,
      expected: 'an even number, or hidden_size to be an even multiple of num_attention_heads',
      found: `${headDim}`,
      fix: 'Repair config.json.',
    });
  }
  return {
    layers: config.num_hidden_layers,
    hiddenSize: config.hidden_size,
    heads,
    kvHeads,
    headDim,
    intermediateSize: config.intermediate_size,
    vocabSize: config.vocab_size,
    rmsNormEps: config.rms_norm_eps,
    ...rope,
    tiedHead: config.tie_word_embeddings,
    // MistralForCausalLM has no such keys and no biases.
    attentionBias: config.model_type === 'llama' && config.attention_bias === true,
    mlpBias: config.model_type === 'llama' && config.mlp_bias === true,
  };
}

/** One id, several ids or none, as both config files write it. */
export function eosIdList(value: z.output<typeof eosIds>): number[] {
  if (value === null || value === undefined) return [];
  return typeof value === 'number' ? [value] : value;
}
