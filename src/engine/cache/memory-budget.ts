import type { CacheShape } from './kv-cache.ts';

/** What keys and values that may be needed again take at most, where nothing else is said. */
export const DEFAULT_MEMORY_MB = 1024;

export const megabytes = (count: number): number => count * 1e6;

/** Bytes of the keys and values of so many tokens in all layers. */
export function cacheBytes({ layers, kvHeads, headDim }: CacheShape, tokens: number): number {
  const keysAndValues = 2;
  return keysAndValues * layers * kvHeads * headDim * tokens * Float32Array.BYTES_PER_ELEMENT;
}
