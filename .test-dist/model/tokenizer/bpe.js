/** Byte pair encoding of one word, as the Rust library `tokenizers` does it (`models/bpe/model.rs`, `word.rs`). */
import { MinHeap } from './min-heap.js';
/**
 * A function from a word to its ids. Its time grows with n log n of the word's length, since models without a
 * pre-tokenizer (LLaMA 2) take a whole text for one word.
 * @throws Error for a merge or an unknown token that is not in the vocabulary
 */
export function wordEncoder(model) {
    const unknown = model.unknown === undefined ? undefined : idOf(model.vocab, model.unknown);
    const merges = mergeTable(model);
    return (word) => merge(symbolsOf(word, model, unknown), merges);
}
/** The ids of a word's characters. */
function symbolsOf(word, { vocab, fuseUnknown, byteFallback }, unknown) {
    const symbols = [];
    let unknownBefore = false;
    for (const character of word) {
        const id = vocab.get(character);
        const ids = id !== undefined ? [id] : byteFallback ? byteIds(character, vocab) : undefined;
        if (ids)
            symbols.push(...ids);
        else if (unknown !== undefined && !(fuseUnknown && unknownBefore))
            symbols.push(unknown);
        unknownBefore = ids === undefined;
    }
    return symbols;
}
const utf8 = new TextEncoder();
function byteIds(character, vocab) {
    const tokens = Array.from(utf8.encode(character), (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
    const ids = tokens.map((token) => vocab.get(token));
    return ids.every((id) => id !== undefined) ? ids : undefined;
}
function mergeTable({ vocab, merges }) {
    const ranks = new Map();
    // Ids may have gaps. A pair of ids below 2^26 is one exact number.
    const base = 2 ** 26;
    const results = merges.map((merge, rank) => {
        const [left, right] = typeof merge === 'string' ? merge.split(' ', 2) : merge;
        ranks.set(idOf(vocab, left) * base + idOf(vocab, right), rank);
        return idOf(vocab, `${left}${right}`);
    });
    return { rankOf: (left, right) => ranks.get(left * base + right), results };
}
function idOf(vocab, token) {
    const id = vocab.get(token ?? '');
    if (id === undefined)
        throw new Error(`the token ${JSON.stringify(token)} is not in the vocabulary`);
    return id;
}
/** Symbol of a place whose token was merged into the one before. */
const GONE = -1;
/** Merges neighbours, lowest rank first and of equals the leftmost, until no pair is left. Changes `symbols`. */
function merge(symbols, { rankOf, results }) {
    const end = symbols.length;
    const next = symbols.map((_, place) => place + 1);
    const previous = symbols.map((_, place) => place - 1);
    const rankAt = (place) => next[place] < end ? rankOf(symbols[place], symbols[next[place]]) : undefined;
    const queue = new MinHeap();
    const propose = (place) => {
        const rank = place < 0 ? undefined : rankAt(place);
        if (rank !== undefined)
            queue.push(rank * (end + 1) + place);
    };
    for (let place = 0; place < end; place++)
        propose(place);
    for (let first = queue.pop(); first !== undefined; first = queue.pop()) {
        const [rank, place] = [Math.floor(first / (end + 1)), first % (end + 1)];
        // One of the two was merged with its other neighbour since.
        if (rankAt(place) !== rank)
            continue;
        const right = next[place];
        symbols[place] = results[rank];
        symbols[right] = GONE;
        next[place] = next[right];
        if (next[place] < end)
            previous[next[place]] = place;
        propose(place);
        propose(previous[place]);
    }
    return symbols.filter((symbol) => symbol !== GONE);
}
