/**
 * Which parts of a tokenizer.json read any text in time that grows with its length. Patterns are recognised by their text: whether
 * another regular expression ever ends nobody can tell.
 */
import type { TokenizerJson } from '../tokenizer-json.ts';

type Step = Readonly<Record<string, unknown>>;

const STOCK_PATTERNS: ReadonlySet<string> = new Set([
  // GPT-2
  String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
  // LLaMA 3, GPT-4
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  // Qwen2
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  // Mistral's tekken
  String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  // GPT-4o
  String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  // DeepSeek-V3, three in a row
  String.raw`\p{N}{1,3}`,
  '[一-龥\u3040-ゟ゠-ヿ]+',
  `${String.raw`[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`}\`${String.raw`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`}`,
  // One digit, a space: parts of several
  String.raw`\p{N}`,
  String.raw`\d`,
  ' ',
]);

/** More steps than any known tokenizer has: each of them may make a text longer. */
const MAX_STEPS = 8;
/** Of an added token: the library compares each place of a text with all of it. */
const MAX_ADDED_CHARACTERS = 256;
const LIST_KEYS = ['normalizers', 'pretokenizers', 'decoders'] as const;

/** Whether all parts that read a text are those of well-known tokenizers. */
export function isStock({ normalizer, pre_tokenizer, decoder, added_tokens }: TokenizerJson): boolean {
  const steps = [normalizer, pre_tokenizer, decoder].map(stepsOf);
  return (
    steps.every((list) => list.length <= MAX_STEPS && list.every(isStockStep)) &&
    steps.flat().filter((step) => step['type'] === 'Prepend').length <= 1 &&
    added_tokens.every(({ content }) => content.length <= MAX_ADDED_CHARACTERS)
  );
}

/** The steps of a part; a sequence inside a sequence stays one, which no known tokenizer has. */
function stepsOf(part: unknown): Step[] {
  if (part === null || part === undefined) return [];
  const step = part as Step;
  if (step['type'] !== 'Sequence') return [step];
  const lists = LIST_KEYS.map((key) => step[key]).filter((list) => Array.isArray(list));
  return lists.flat() as Step[];
}

function isStockStep(step: Step): boolean {
  const type = String(step?.['type']);
  return Object.hasOwn(STOCK_STEPS, type) && STOCK_STEPS[type as keyof typeof STOCK_STEPS](step);
}

const always = () => true;
const isCharacter = (value: unknown) => typeof value === 'string' && [...value].length === 1;

/** By `type`. */
const STOCK_STEPS = {
  ByteLevel: always,
  ByteFallback: always,
  Digits: always,
  Fuse: always,
  NFC: always,
  NFD: always,
  NFKC: always,
  NFKD: always,
  Lowercase: always,
  Metaspace: ({ replacement }: Step) => isCharacter(replacement),
  Prepend: ({ prepend }: Step) => isCharacter(prepend),
  Replace: ({ pattern, content }: Step) => isCharacter((pattern as Step)?.['String']) && isCharacter(content),
  Split: ({ pattern }: Step) => {
    const { Regex, String: text } = (pattern ?? {}) as Step;
    return STOCK_PATTERNS.has(String(Regex ?? text));
  },
  Strip: ({ content, start, stop }: Step) =>
    isCharacter(content) && [start, stop].every((count) => count === 0 || count === 1),
} as const;
