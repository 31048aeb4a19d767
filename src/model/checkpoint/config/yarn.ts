import { z } from 'zod';

const positive = z.number().positive();
const count = z.int().positive();

/** YaRN: like `llama3` with a ramp between two pairs of a head, and longer queries and keys. */
export const yarnSchema = z.strictObject({
  type: z.literal('yarn'),
  factor: positive,
  /** Of cosines and sines, and so of queries and keys. */
  attentionFactor: positive,
  /** Turns within the original context from which on a pair stays as it is. */
  betaFast: positive,
  /** Turns below which a pair's frequency is divided by the whole factor. */
  betaSlow: positive,
  /** Whether the ramp begins and ends at whole pairs. */
  truncate: z.boolean(),
  originalLength: count,
});
export type YarnScaling = z.output<typeof yarnSchema>;

/** 0 counts as absent. */
const optional = z.number().nonnegative().nullish();

interface YarnBetas {
  readonly beta_fast?: number | null | undefined;
  readonly beta_slow?: number | null | undefined;
}

/** The keys of `rope_scaling` or `rope_parameters` that `yarn` reads. */
export const yarnKeys = z
  .looseObject({
    factor: positive.nullable(),
    attention_factor: positive.nullish(),
    beta_fast: optional,
    beta_slow: optional,
    mscale: optional,
    mscale_all_dim: optional,
    truncate: z.boolean().nullish(),
    original_max_position_embeddings: count.nullish(),
  })
  .refine((keys) => betasOf(keys).betaFast > betasOf(keys).betaSlow, {
    path: ['beta_fast'],
    message: 'not greater than beta_slow',
  });
type YarnKeys = z.output<typeof yarnKeys>;

/**
 * What is absent gets the value that `_compute_yarn_parameters` of transformers 5 (modeling_rope_utils.py) gives it.
 * @param originalLength of the context before scaling, in tokens
 * @param maxPositions `max_position_embeddings`
 */
export function yarnScaling(keys: YarnKeys, originalLength: number, maxPositions: number): YarnScaling {
  const factor = keys.factor ?? maxPositions / originalLength;
  return {
    type: 'yarn',
    factor,
    attentionFactor: keys.attention_factor ?? attentionFactor(factor, keys),
    ...betasOf(keys),
    // Absent it is true, and null is as good as false there.
    truncate: keys.truncate === undefined || keys.truncate === true,
    originalLength,
  };
}

function betasOf({ beta_fast, beta_slow }: YarnBetas): Pick<YarnScaling, 'betaFast' | 'betaSlow'> {
  return { betaFast: beta_fast || 32, betaSlow: beta_slow || 1 };
}

function attentionFactor(factor: number, { mscale, mscale_all_dim }: YarnKeys): number {
  if (mscale && mscale_all_dim) return scaleOf(factor, mscale) / scaleOf(factor, mscale_all_dim);
  return scaleOf(factor, 1);
}

function scaleOf(factor: number, mscale: number): number {
  return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
}
