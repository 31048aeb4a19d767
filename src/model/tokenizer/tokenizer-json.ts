import { z } from 'zod';

const MAX_ID = 2 ** 26 - 1;
export const tokenId = z.int().nonnegative().max(MAX_ID);

/** What a post-processor adds around a text; one special token can stand for several ids. */
const template = z.object({
  type: z.literal('TemplateProcessing'),
  single: z
    .array(
      z.union([
        z.object({ SpecialToken: z.object({ id: z.string() }) }),
        z.object({ Sequence: z.object({ id: z.literal('A') }) }),
      ]),
    )
    .refine(
      (parts) => parts.filter((part) => 'Sequence' in part).length === 1,
      'a template holds the text once',
    ),
  special_tokens: z.record(z.string(), z.object({ ids: z.array(tokenId) })),
});
/** Changes offsets only. */
const byteLevel = z.object({ type: z.literal('ByteLevel') });
const step = z.discriminatedUnion('type', [template, byteLevel]);
export type PostProcessorStep = z.output<typeof step>;
const postProcessor = z.discriminatedUnion('type', [
  template,
  byteLevel,
  z.object({ type: z.literal('Sequence'), processors: z.array(step) }),
]);

const none = z.literal(['', null]).optional();

/** Not a `z.record`: that would copy 100,000 entries, and drop a token `__proto__`. */
const vocabulary = z.custom<Readonly<Record<string, number>>>(
  (value) => isObject(value) && Object.values(value).every(isId),
  'not an object of token ids',
);
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isId = (value: unknown) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_ID;

const model = z.looseObject({
  type: z.literal('BPE'),
  vocab: vocabulary,
  merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
  unk_token: z.string().nullish(),
  fuse_unk: z.boolean().default(false),
  byte_fallback: z.boolean().default(false),
  continuing_subword_prefix: none,
  end_of_word_suffix: none,
});

const addedToken = z.looseObject({
  id: tokenId,
  content: z.string().min(1),
  special: z.boolean().default(false),
  normalized: z.boolean().default(false),
  single_word: z.literal(false).optional(),
});
export type AddedToken = z.output<typeof addedToken>;

/** The library treats every Split as one of these two, and its Metaspace never splits. */
const split = z.union([
  z.looseObject({ type: z.literal('Split'), behavior: z.literal('Isolated'), invert: z.literal(false) }),
  z.looseObject({ type: z.literal('Split'), behavior: z.literal('Removed') }),
]);
const metaspace = z.looseObject({ type: z.literal('Metaspace'), split: z.literal(false) });
const otherStep = z.looseObject({ type: z.string().regex(/^(?!Split$|Metaspace$|Sequence$)/) });
const preTokenizerStep = z.union([split, metaspace, otherStep]);
const preTokenizer = z.union([
  preTokenizerStep,
  z.object({ type: z.literal('Sequence'), pretokenizers: z.array(preTokenizerStep) }),
]);

/** tokenizer.json of a byte pair encoding; the library checks the parts that it reads. */
export const tokenizerJson = z.looseObject({
  model,
  added_tokens: z.array(addedToken).default([]),
  post_processor: postProcessor.nullable().default(null),
  normalizer: z.unknown().default(null),
  pre_tokenizer: preTokenizer.nullable().default(null),
  decoder: z.unknown().default(null),
});
export type TokenizerJson = z.output<typeof tokenizerJson>;

/** A token's text in tokenizer_config.json: plain, or as the AddedToken that older versions write. */
const tokenName = z.union([
  z.string(),
  z.looseObject({ content: z.string() }).transform(({ content }) => content),
]);
const optionalName = tokenName.nullish();

export const tokenizerConfig = z.looseObject({
  tokenizer_class: z.string().nullish(),
  add_bos_token: z.boolean().nullish(),
  add_eos_token: z.boolean().nullish(),
  bos_token: optionalName,
  eos_token: optionalName,
  unk_token: optionalName,
  sep_token: optionalName,
  pad_token: optionalName,
  cls_token: optionalName,
  mask_token: optionalName,
  additional_special_tokens: z.array(tokenName).nullish(),
  extra_special_tokens: z.union([z.array(tokenName), z.record(z.string(), tokenName)]).nullish(),
});
export type TokenizerConfig = z.output<typeof tokenizerConfig>;
