/** Default limit of keys and values that are kept because they may be used again. */
export const DEFAULT_MEMORY_MB = 1024;
export const megabytes = (count) => count * 1e6;
/** Bytes of the keys and values of this many tokens in all layers. */
export function cacheBytes({ layers, kvHeads, headDim }, tokens) {
    const keysAndValues = 2;
    return keysAndValues * layers * kvHeads * headDim * tokens * Float32Array.BYTES_PER_ELEMENT;
}
