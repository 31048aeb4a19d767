import { z } from 'zod';
import { InputError } from '../../../core/errors.ts';
import { checkSchema } from '../../../data/json-file.ts';
import { yarnKeys, yarnScaling, yarnSchema } from './yarn.ts';

const count = z.int().positive();
const positive = z.number().positive();

/**
 * How a network stretches its rotary embedding to longer sequences; types as transformers' `rope_type` names
 * them.
 */
export const ropeScalingSchema = z.discriminatedUnion('type', [
  /** All frequencies are divided by the factor. */
  z.strictObject({ type: z.literal('linear'), factor: positive }),
  /** NTK: theta grows with a sequence that is longer than `originalLength` tokens. */
  z.strictObject({ type: z.literal('dynamic'), factor: positive, originalLength: count }),
  /** LLaMA 3.1: low frequencies are divided by the factor, high ones stay, those between are blended. */
  z.strictObject({
    type: z.literal('llama3'),
    factor: positive,
    lowFrequencyFactor: positive,
    highFrequencyFactor: positive,
    originalLength: count,
  }),
  yarnSchema,
]);
export type RopeScaling = z.output<typeof ropeScalingSchema>;

interface Rope {
  readonly ropeTheta: number;
  readonly ropeScaling: RopeScaling | null;
  /** Tokens of prompt and response that the network is made for. */
  readonly contextLength: number;
}

const ropeDictionary = z.looseObject({
  rope_theta: positive.nullish(),
  rope_type: z.string().nullish(),
  /** Its name until transformers 4.43. */
  type: z.string().nullish(),
  partial_rotary_factor: z.number().nullish(),
});

/** The keys of config.json that describe the rotary embedding, in the style of transformers 4 and of 5. */
export const ropeKeys = {
  max_position_embeddings: count.default(2048),
  original_max_position_embeddings: count.nullish(),
  rope_theta: positive.nullish(),
  rope_scaling: ropeDictionary.nullish(),
  rope_parameters: ropeDictionary.nullish(),
  partial_rotary_factor: z.number().nullish(),
};
export type RopeConfig = z.output<z.ZodObject<typeof ropeKeys>>;

const withFactor = z.looseObject({ factor: positive });
const llama3Keys = z
  .looseObject({
    factor: positive,
    low_freq_factor: positive,
    high_freq_factor: positive,
    original_max_position_embeddings: count.nullish(),
  })
  .refine((keys) => keys.high_freq_factor > keys.low_freq_factor, {
    path: ['high_freq_factor'],
    message: 'not greater than low_freq_factor',
  });

/**
 * Reads the rotary embedding as transformers 5 does: a `rope_scaling` that is not empty takes precedence over
 * `rope_parameters`, and a theta inside over one outside.
 *
 * `max_position_embeddings` is the length before `linear` and `dynamic` scaling, which stretch it by their
 * factor, and `yarn` stretches the original length by its own (all as in vLLM); transformers itself sets no
 * limit. With `llama3` it is the length after scaling.
 * @throws InputError `unsupported-model` or `bad-checkpoint`
 */
export function readRope(config: RopeConfig, path: string): Rope {
  const isOldStyle = Object.keys(config.rope_scaling ?? {}).length > 0;
  const where = `${path}: ${isOldStyle ? 'rope_scaling' : 'rope_parameters'}`;
  const dictionary = (isOldStyle ? config.rope_scaling : config.rope_parameters) ?? {};
  refusePartialRotation(dictionary.partial_rotary_factor ?? config.partial_rotary_factor ?? 1, path);
  const ropeScaling = readScaling(dictionary, config, where);
  return {
    ropeTheta: dictionary.rope_theta ?? config.rope_theta ?? 10_000,
    ropeScaling,
    contextLength: contextOf(ropeScaling, config.max_position_embeddings),
  };
}

function contextOf(scaling: RopeScaling | null, maxPositions: number): number {
  if (scaling === null || scaling.type === 'llama3') return maxPositions;
  const before = scaling.type === 'yarn' ? scaling.originalLength : maxPositions;
  return Math.floor(before * Math.max(1, scaling.factor));
}

function readScaling(
  dictionary: z.output<typeof ropeDictionary>,
  config: RopeConfig,
  where: string,
): RopeScaling | null {
  const type = dictionary.rope_type ?? dictionary.type ?? 'default';
  const check = <S extends z.ZodType>(schema: S) =>
    checkSchema(dictionary, schema, { path: where, fix: 'Repair config.json.', code: 'bad-checkpoint' });
  switch (type) {
    case 'default':
      return null;
    case 'linear':
      return { type, factor: check(withFactor).factor };
    case 'dynamic':
      return { type, factor: check(withFactor).factor, originalLength: config.max_position_embeddings };
    case 'llama3': {
      const keys = check(llama3Keys);
      return {
        type,
        factor: keys.factor,
        lowFrequencyFactor: keys.low_freq_factor,
        highFrequencyFactor: keys.high_freq_factor,
        originalLength: originalLength(keys, config),
      };
    }
    case 'yarn': {
      const keys = check(yarnKeys);
      return yarnScaling(keys, originalLength(keys, config), config.max_position_embeddings);
    }
    default:
      throw new InputError({
        code: 'unsupported-model',
        where,
        expected: 'rope_type default, linear, dynamic, llama3 or yarn',
        found: JSON.stringify(type),
        fix: 'Give a checkpoint whose rotary embedding is scaled in one of these ways, or not at all.',
      });
  }
}

function originalLength(
  keys: { readonly original_max_position_embeddings?: number | null | undefined },
  config: RopeConfig,
): number {
  return (
    config.original_max_position_embeddings ??
    keys.original_max_position_embeddings ??
    config.max_position_embeddings
  );
}

function refusePartialRotation(factor: number, path: string): void {
  if (factor === 1) return;
  throw new InputError({
    code: 'unsupported-model',
    where: `${path}: partial_rotary_factor`,
    expected: '1: LLaMA rotates whole heads',
    found: `${factor}`,
    fix: 'Give a checkpoint that rotates whole heads.',
  });
}
