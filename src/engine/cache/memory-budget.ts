import type { CacheShape } from './kv-cache.ts';

/** Default limit of keys and values that are kept because they may be used again. */
export const DEFAULT_MEMORY_MB = 1024;

export const megabytes = (count: number): number => count * 1e6;

/** Bytes of the keys and values of this many tokens in all layers. */
export function cacheBytes({ layers, kvHeads, headDim }: CacheShape, tokens: number): number {
  const keysAndValues = 2;
  return keysAndValues * layers * kvHeads * headDim * tokens * Float32Array.BYTES_PER_ELEMENT;
}
