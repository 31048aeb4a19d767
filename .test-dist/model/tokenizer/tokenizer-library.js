/**
 * Hugging Face's JavaScript tokenizers, made equal to their Rust library `tokenizers`, which trained the models. What
 * differs in @huggingface/tokenizers 0.2.0 is replaced here; test/model/tokenizer/tokenizer-parity.test.ts holds the two side by side.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import { wordEncoder } from './bpe.js';
/** @throws Error where the library does not know a part, or the parts do not fit together */
export function createLibraryTokenizer({ model, ...json }) {
    // The merges go to `wordEncoder` alone: the library would build a table of them that nothing reads.
    const tokenizer = new Tokenizer({ ...json, model: { ...model, merges: [] } }, {});
    replaceMerging(tokenizer, model);
    json.added_tokens.forEach((token) => {
        normalizeAdded(tokenizer, token);
    });
    replacePatterns(tokenizer.pre_tokenizer);
    replaceByteFallback(tokenizer.decoder);
    return tokenizer;
}
/**
 * The library merges around a byte that has no token, where Rust leaves it out first, and takes ten times as long for a
 * long text without spaces.
 */
function replaceMerging({ model }, json) {
    const encode = wordEncoder({
        vocab: model.tokens_to_ids,
        merges: json.merges,
        unknown: json.unk_token ?? undefined,
        fuseUnknown: json.fuse_unk,
        byteFallback: json.byte_fallback,
    });
    model.bpe = (word) => encode(word).map((id) => model.vocab[id]);
}
/** A word that was added to the vocabulary stands there as it does in a normalized text: in LLaMA 2's with its space. */
function normalizeAdded({ model, normalizer }, { id, content, normalized }) {
    if (normalized && normalizer)
        model.vocab[id] = normalizer.normalize(content);
}
/** OpenAI's gpt-2 pattern. In Rust `\s` is Unicode's White_Space: with U+0085, without U+FEFF. */
const GPT2_PATTERN = /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;
/** The library's own patterns; those that stand in tokenizer.json it translates well. */
function replacePatterns(preTokenizer) {
    preTokenizer?.tokenizers?.forEach(replacePatterns);
    if (preTokenizer?.config?.type === 'ByteLevel')
        preTokenizer.pattern = GPT2_PATTERN;
    // Digits of every script, and other numbers.
    if (preTokenizer?.config?.type === 'Digits')
        preTokenizer.pattern = preTokenizer.config.individual_digits ? /\P{N}+|\p{N}/gu : /\P{N}+|\p{N}+/gu;
}
/** The library decodes as much of a byte sequence as is UTF-8, and drops a byte order mark. */
function replaceByteFallback(decoder) {
    decoder?.decoders?.forEach(replaceByteFallback);
    if (decoder?.config.type === 'ByteFallback')
        decoder.decode_chain = joinBytes;
}
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Byte tokens in a row as their text; where they are not UTF-8, one U+FFFD for each of them. */
function joinBytes(tokens) {
    const texts = [];
    let bytes = [];
    const flush = () => {
        if (bytes.length > 0)
            texts.push(textOf(bytes));
        bytes = [];
    };
    for (const token of tokens) {
        const hex = /^<0x([0-9A-Fa-f]{2})>$/.exec(token)?.[1];
        if (hex)
            bytes.push(Number.parseInt(hex, 16));
        else {
            flush();
            texts.push(token);
        }
    }
    flush();
    return texts;
}
function textOf(bytes) {
    try {
        return utf8.decode(Uint8Array.from(bytes));
    }
    catch {
        return '\uFFFD'.repeat(bytes.length);
    }
}
