/**
 * Tokens of one run through the layers. Measured with ONNX Runtime 1.30.0 on two cores: TODO.
 */
export const MAX_PASS_TOKENS = 512;
/**
 * Groups items that can go through a model together. A batch comes out as soon as another item like its last one would not
 * fit; those that never fill up come last. No batch is empty.
 */
export function* batchesOf(items, limits) {
    const { sameKey = () => undefined, tokensOf = () => 0, neighboursOnly = false } = limits;
    const { maxItems = Number.POSITIVE_INFINITY, maxTokens = Number.POSITIVE_INFINITY } = limits;
    const open = new Map();
    for (const item of items) {
        const key = sameKey(item);
        const tokens = tokensOf(item);
        if (neighboursOnly && !open.has(key))
            yield* closeAll(open);
        if (open.has(key) && open.get(key).tokens + tokens > maxTokens)
            yield close(open, key);
        const batch = open.get(key) ?? { items: [], tokens: 0 };
        open.set(key, batch);
        batch.items.push(item);
        batch.tokens += tokens;
        if (batch.items.length >= maxItems || batch.tokens + tokens > maxTokens)
            yield close(open, key);
    }
    yield* closeAll(open);
}
function close(open, key) {
    const { items } = open.get(key);
    open.delete(key);
    return items;
}
function* closeAll(open) {
    for (const key of [...open.keys()])
        yield close(open, key);
}
