import type { Frame } from './text-tokenizer.ts';
import type { PostProcessorStep, TokenizerConfig, TokenizerJson } from './tokenizer-json.ts';

/**
 * The tokens that are not text, by transformers' rule: those marked special in tokenizer.json and those with
 * a role in tokenizer_config.json (`bos_token`, `pad_token`, `additional_special_tokens`, …).
 */
export function specialTokens(json: TokenizerJson, config: TokenizerConfig): Map<string, number> {
  const names = new Set(namedTokens(config));
  const special = json.added_tokens.filter((token) => token.special || names.has(token.content));
  const { vocab } = json.model;
  const inVocabulary = [...names].filter((name) => Object.hasOwn(vocab, name));
  return new Map([
    ...inVocabulary.map((name) => [name, vocab[name]!] as const),
    ...special.map(({ content, id }) => [content, id] as const),
  ]);
}

/** Tokens with a role. */
export function namedTokens(config: TokenizerConfig): string[] {
  const { bos_token, eos_token, unk_token, sep_token, pad_token, cls_token, mask_token } = config;
  const more = [config.additional_special_tokens, config.extra_special_tokens];
  return [
    ...[bos_token, eos_token, unk_token, sep_token, pad_token, cls_token, mask_token],
    ...more.flatMap((tokens) => Object.values(tokens ?? {})),
  ].filter((name) => name != null);
}

/**
 * The ids before and after a text. LLaMA's own tokenizer classes follow tokenizer_config.json if it sets
 * `add_bos_token` or `add_eos_token` (transformers 4; one flag alone leaves the other at its default);
 * otherwise tokenizer.json's post-processor decides.
 */
export function frameOf(
  json: TokenizerJson,
  config: TokenizerConfig,
  special: ReadonlyMap<string, number>,
): Frame {
  const { add_bos_token: bos, add_eos_token: eos } = config;
  const isLlama = /^(Code)?LlamaTokenizer(Fast)?$/.test(config.tokenizer_class ?? '');
  if (!isLlama || (bos == null && eos == null)) return frameOfProcessor(json.post_processor);
  const idsOf = (name: string | null | undefined, isAdded: boolean) => {
    const id = isAdded && name != null ? special.get(name) : undefined;
    return id === undefined ? [] : [id];
  };
  return { before: idsOf(config.bos_token, bos ?? true), after: idsOf(config.eos_token, eos ?? false) };
}

function frameOfProcessor(processor: TokenizerJson['post_processor']): Frame {
  const steps = processor?.type === 'Sequence' ? processor.processors : processor ? [processor] : [];
  return steps.map(frameOfStep).reduce(
    (inner, outer) => ({
      before: [...outer.before, ...inner.before],
      after: [...inner.after, ...outer.after],
    }),
    { before: [], after: [] },
  );
}

function frameOfStep(step: PostProcessorStep): Frame {
  if (step.type === 'ByteLevel') return { before: [], after: [] };
  const text = step.single.findIndex((part) => 'Sequence' in part);
  const idsOf = (parts: typeof step.single) =>
    parts.flatMap((part) => {
      const name = (part as { SpecialToken: { id: string } }).SpecialToken.id;
      const token = step.special_tokens[name];
      if (!token) throw new Error(`the post-processor does not define the ids of ${name}`);
      return token.ids;
    });
  return { before: idsOf(step.single.slice(0, text)), after: idsOf(step.single.slice(text + 1)) };
}
