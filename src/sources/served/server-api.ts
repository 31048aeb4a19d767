/** What servers of docs/server-api.md say: of their models, and to requests. */

import { z } from 'zod';
import { MODEL_KINDS, STOP_REASONS } from '../../core/domain.ts';

/** Of docs/server-api.md; another number is another contract. */
export const SERVER_API_VERSION = 1;

const some = z.int().nonnegative();
const text = z.string().min(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in hexadecimal digits');

/** A sub-model, or a model by its bare name. */
const listed = z.looseObject({
  id: text,
  root: text,
  exit: z.int().positive().optional(),
  exits: z.array(z.int().positive()).min(1),
  layers: z.int().positive(),
  kind: z.enum(MODEL_KINDS),
  precision: text,
  weights_sha256: sha256,
  tokenizer_sha256: sha256,
  vocab_size: z.int().positive(),
  max_model_len: z.int().positive(),
  engine: text,
  device: text,
  features: z.array(z.string()),
  system_fingerprint: text,
  parameters: z.object({ body: some, embedding: some, head: some, extra_heads: some }),
  weight_bytes: some,
  extra_head_bytes: some,
});
export type ListedModel = z.output<typeof listed>;

/** Names alone: what else stands there is read of the model that is chosen, when its version is known. */
export const modelList = z.looseObject({
  data: z.array(z.looseObject({ id: text, root: z.string().optional(), sorted_api: z.unknown().optional() })),
});
export const listedModel = listed;

const fingerprint = { system_fingerprint: z.string() };
const nats = z.record(z.string(), z.array(z.number()));

export const COMPLETION = {
  path: '/completions',
  schema: z.looseObject({
    ...fingerprint,
    choices: z.tuple([
      z.looseObject({
        text: z.string(),
        stop_reason: z.enum(STOP_REASONS),
        token_ids: z.array(some),
        truncated_tokens: some.optional(),
      }),
    ]),
    usage: z.looseObject({ prompt_tokens: some, completion_tokens: some }),
  }),
} as const;

export const LOGLIKELIHOOD = {
  path: '/sorted/loglikelihood',
  schema: z.looseObject({ ...fingerprint, token_logprobs: nats }),
} as const;

export const KL = {
  path: '/sorted/kl',
  schema: z.looseObject({ ...fingerprint, reference_fingerprint: z.string(), kl_nats: nats }),
} as const;

export const SPEED = {
  path: '/sorted/speed',
  schema: z.looseObject({ ...fingerprint, tokens: z.int().positive(), duration_ms: z.number().positive() }),
} as const;
