import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SPECIALS = ['<s>', '</s>', '<pad>'];
const MERGES = [
  ['t', 'h'],
  ['th', 'e'],
  ['Ġ', 'the'],
];

/** Special tokens, 256 bytes and three merges. */
export const TOKENIZER_VOCABULARY = SPECIALS.length + 256 + MERGES.length;
export const BOS = 0;
export const EOS = 1;

/** A byte-level BPE tokenizer in the form that tokenizers saves; it puts `<s>` before a text. */
export function writeTokenizer(folder: string): void {
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizerJson()));
  const config = {
    bos_token: '<s>',
    eos_token: '</s>',
    pad_token: '<pad>',
    clean_up_tokenization_spaces: false,
  };
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
}

function tokenizerJson(): object {
  const tokens = [...SPECIALS, ...byteCharacters(), ...MERGES.map((pair) => pair.join(''))];
  const bos = { SpecialToken: { id: '<s>', type_id: 0 } };
  return {
    version: '1.0',
    added_tokens: SPECIALS.map(specialToken),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: {
      type: 'TemplateProcessing',
      single: [bos, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [bos, { Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: { '<s>': { id: '<s>', ids: [BOS], tokens: ['<s>'] } },
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges: MERGES },
  };
}

function specialToken(content: string, id: number) {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}

/** The printable character that stands for each byte: OpenAI's gpt-2 `bytes_to_unicode`. */
function byteCharacters(): string[] {
  const printable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  let hidden = 0;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(printable(byte) ? byte : 256 + hidden++),
  );
}
