import type { Context } from 'hono';
import { z } from 'zod';
import { describeValue } from '../../data/read-records.ts';
import { checkValue } from '../../data/schema/check-value.ts';
import { ApiError, badRequest } from '../api-error.ts';

/**
 * The body of a request, checked.
 * @throws ApiError 400 with the first key that is wrong, 415
 */
export async function readRequest<S extends z.ZodType>(context: Context, schema: S): Promise<z.output<S>> {
  const type = context.req.header('content-type') ?? '';
  // A web page can send other types to any server without being asked whether it may.
  if (!/^application\/json\b/i.test(type)) {
    const message = `content-type: expected application/json, found ${JSON.stringify(type.slice(0, 100))}`;
    throw new ApiError(415, 'unsupported_media_type', message);
  }
  const checked = checkValue(schema, await readJson(context), describeValue);
  if (checked.problem === undefined) return checked.data;
  const { path, expected, found, hint } = checked.problem;
  const place = path.join('.');
  const line = `${place || 'body'}: expected ${expected}, found ${found}`;
  throw badRequest(hint === '' ? line : `${line}. ${hint}`, place || null);
}

async function readJson(context: Context): Promise<unknown> {
  const text = await context.req.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(
      `body: expected JSON, found ${(error as Error).message.split('\n', 1)[0]}`,
      null,
      'not_json',
    );
  }
}

/** A key that may be there with one value alone: what it means at another is not implemented. */
export const only = <const Value>(value: Value) =>
  z
    .unknown()
    .optional()
    .refine((found) => found === undefined || found === null || found === value, {
      error: `${JSON.stringify(value)} (this server has nothing else)`,
    });

const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((given) => given ?? undefined);

const MAX_STOP_TEXTS = 16;
const MAX_STOP_LENGTH = 1000;
const stopText = z.string().min(1).max(MAX_STOP_LENGTH);

/** Keys of both ways to ask. */
export const sharedKeys = {
  model: z.string(),
  temperature: optional(z.number().min(0).max(2)),
  top_p: optional(z.number().gt(0).max(1)),
  seed: optional(z.int()),
  stop: z
    .union([stopText, z.array(stopText).max(MAX_STOP_TEXTS)], {
      error: `a text, or up to ${MAX_STOP_TEXTS} texts of 1 to ${MAX_STOP_LENGTH} characters`,
    })
    .nullish()
    .transform((given) => (typeof given === 'string' ? [given] : (given ?? []))),
  stream: optional(z.boolean()),
  stream_options: optional(
    z.strictObject({ include_usage: optional(z.boolean()), include_obfuscation: z.unknown().optional() }),
  ),
  return_token_ids: optional(z.boolean()),
  n: only(1),
  presence_penalty: only(0),
  frequency_penalty: only(0),
  logit_bias: z.record(z.string(), z.never()).nullish(),
  /** What clients say about themselves; nothing depends on it. */
  user: z.string().nullish(),
};

/** What both ways to ask have in common, once it is checked. */
export interface SharedRequest {
  readonly model: string;
  readonly temperature?: number | undefined;
  readonly top_p?: number | undefined;
  readonly seed?: number | undefined;
  readonly stop: readonly string[];
  readonly stop_after_first_line?: boolean | undefined;
  readonly stream?: boolean | undefined;
  readonly stream_options?: { readonly include_usage?: boolean | undefined } | undefined;
  readonly return_token_ids?: boolean | undefined;
}

/** Most alternatives that are named for a token. */
const MAX_TOP_LOGPROBS = 20;
export const topCount = optional(z.int().min(0).max(MAX_TOP_LOGPROBS));
export const tokenCount = (min: number) => optional(z.int().min(min));
export const flag = optional(z.boolean());
