import { z } from 'zod';
import { checkSchema } from '../data/json-file.ts';
import { InputError } from '../errors.ts';

/** Shape of a LLaMA network, as the graphs and the runtime need it. */
export interface Architecture {
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
  readonly ropeTheta: number;
  /** Longest sequence of prompt and answer, in tokens. */
  readonly contextLength: number;
  /** The head's weight is the embedding's. */
  readonly tiedHead: boolean;
}

const count = z.int().positive();
/** Tokens; the rotary tables of this many take gigabytes, so more is a mistake or worse. */
export const MAX_CONTEXT = 4_194_304;
const rope = z.looseObject({
  rope_theta: z.number().positive().optional(),
  rope_type: z.string().optional(),
});
const eosIds = z.union([z.int(), z.array(z.int())]).nullish();

/** config.json of transformers 4 (`rope_theta`, `rope_scaling`) and 5 (`rope_parameters`). Foreign keys pass. */
const configSchema = z.looseObject({
  model_type: z.string(),
  num_hidden_layers: count,
  hidden_size: count,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  intermediate_size: count,
  vocab_size: count,
  rms_norm_eps: z.number().positive().default(1e-6),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: rope.extend({ type: z.string().optional() }).nullish(),
  rope_parameters: rope.nullish(),
  max_position_embeddings: count.max(MAX_CONTEXT).default(2048),
  tie_word_embeddings: z.boolean().default(false),
  hidden_act: z.string().default('silu'),
  attention_bias: z.boolean().nullish(),
  mlp_bias: z.boolean().nullish(),
  quantization_config: z.unknown().optional(),
  bos_token_id: z.int().nullish(),
  eos_token_id: eosIds,
});

export type HuggingFaceConfig = z.output<typeof configSchema>;

/** generation_config.json; only the ids that end an answer matter here. */
export const generationConfigSchema = z.looseObject({ eos_token_id: eosIds });

/** @throws InputError `bad-checkpoint` */
export function checkConfig(value: unknown, path: string): HuggingFaceConfig {
  const fix = 'Give a Hugging Face LLaMA checkpoint.';
  return checkSchema(value, configSchema, { path, fix, code: 'bad-checkpoint' });
}

/**
 * Reads the network's shape from a checked config.json and refuses by name what the graphs cannot express.
 * @throws InputError `unsupported-model` or `bad-checkpoint`
 */
export function architectureOf(config: HuggingFaceConfig, path: string): Architecture {
  refuseUnsupported(config, path);
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
    ropeTheta: config.rope_parameters?.rope_theta ?? config.rope_theta ?? 10_000,
    contextLength: config.max_position_embeddings,
    tiedHead: config.tie_word_embeddings,
  };
}

/** One id, several ids or none, as both config files write it. */
export function eosIdList(value: z.output<typeof eosIds>): number[] {
  if (value === null || value === undefined) return [];
  return typeof value === 'number' ? [value] : value;
}

function refuseUnsupported(config: HuggingFaceConfig, path: string): void {
  const ropeType =
    config.rope_parameters?.rope_type ?? config.rope_scaling?.rope_type ?? config.rope_scaling?.type;
  refuse(path, 'model_type', config.model_type, 'llama');
  refuse(path, 'hidden_act', config.hidden_act, 'silu');
  refuse(path, 'rope type', ropeType ?? 'default', 'default');
  refuse(path, 'attention_bias', config.attention_bias ?? false, false);
  refuse(path, 'mlp_bias', config.mlp_bias ?? false, false);
  refuse(path, 'quantization_config', config.quantization_config === undefined, true);
}

function refuse(path: string, key: string, found: unknown, expected: unknown): void {
  if (found === expected) return;
  throw new InputError({
    code: 'unsupported-model',
    where: `${path}: ${key}`,
    expected: JSON.stringify(expected),
    found: JSON.stringify(found),
    fix: 'Only LLaMA networks of this form can be imported yet.',
  });
}
