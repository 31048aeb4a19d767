import { join } from 'node:path';
import { InputError } from '../../core/errors.js';
import { readModelJson } from '../checkpoint/model-json.js';
import { frameOf, specialTokens } from './special-tokens.js';
import { tokenizerConfig, tokenizerJson, } from './tokenizer-json.js';
import { createLibraryTokenizer } from './tokenizer-library.js';
/** Part of every content key: raised when a text gets other ids, or ids another text. */
export const TOKENIZER_VERSION = 2;
/** Tokenizers of 256,000 tokens take 35 MB. */
const MAX_BYTES = 200_000_000;
const FIX = 'Save the tokenizer again (tokenizer.save_pretrained).';
/**
 * Opens the byte pair encoding of a folder's tokenizer.json. Ids and texts are those of Hugging Face's Rust library.
 * @throws InputError `not-found`, `not-json` or `bad-checkpoint`
 */
export function openTokenizer(folder) {
    const path = join(folder, 'tokenizer.json');
    const read = (file, schema) => readModelJson(file, schema, { fix: FIX, maxBytes: MAX_BYTES });
    const json = read(path, tokenizerJson);
    const config = read(join(folder, 'tokenizer_config.json'), tokenizerConfig);
    try {
        const tokenizer = createTokenizer(json, config);
        requireWorking(tokenizer);
        return tokenizer;
    }
    catch (cause) {
        const found = cause.message;
        const expected = 'a tokenizer of a known kind';
        throw new InputError({ code: 'bad-checkpoint', where: path, expected, found, fix: FIX, cause });
    }
}
function createTokenizer(json, config) {
    const special = specialTokens(json, config);
    const specialIds = new Set(special.values());
    const { before, after } = frameOf(json, config, special);
    const added_tokens = json.added_tokens.filter(({ content }) => !special.has(content));
    // A library that knows no special tokens finds none in a text, and puts none around it.
    const library = createLibraryTokenizer({ ...json, added_tokens, post_processor: null });
    const isText = (id) => !specialIds.has(id) && library.id_to_token(id) !== undefined;
    return {
        encode: (text) => [...before, ...library.encode(text.replace(/\p{Surrogate}/gu, '\uFFFD')).ids, ...after],
        decode: (ids) => {
            const texts = ids.filter(isText);
            // The library throws for an empty list; an exit that ends at once answers ''.
            return texts.length === 0 ? '' : library.decode(texts, { clean_up_tokenization_spaces: false });
        },
    };
}
/** The library takes some files that it cannot use; a first text shows it. */
function requireWorking(tokenizer) {
    const ids = tokenizer.encode('Below is an instruction.');
    const isWorking = ids.every((id) => Number.isInteger(id)) && tokenizer.decode(ids) !== '';
    if (!isWorking)
        throw new Error('one that knows no letter');
}
