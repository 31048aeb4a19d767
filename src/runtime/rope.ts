import type { Architecture } from '../model/architecture.ts';

/** Cosines and sines of every position, [contextLength, headDim / 2] each. */
export interface RopeTables {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/**
 * Rotary position embedding as transformers' `LlamaRotaryEmbedding` computes it: inverse frequencies and angles are
 * rounded to float32 before the cosine, and parity at long positions depends on that.
 */
export function ropeTables({ headDim, ropeTheta, contextLength }: Architecture): RopeTables {
  const half = headDim / 2;
  const cos = new Float32Array(contextLength * half);
  const sin = new Float32Array(contextLength * half);
  const inverseFrequencies = Float32Array.from(
    { length: half },
    (_, i) => 1 / ropeTheta ** ((2 * i) / headDim),
  );
  for (let position = 0; position < contextLength; position++) {
    for (let i = 0; i < half; i++) {
      const angle = Math.fround(position * inverseFrequencies[i]!);
      cos[position * half + i] = Math.cos(angle);
      sin[position * half + i] = Math.sin(angle);
    }
  }
  return { cos, sin };
}
