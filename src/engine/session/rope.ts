import type { Architecture } from '../../model/checkpoint/architecture.ts';
import { yarnFrequencies } from './yarn-frequencies.ts';

/** Cosines and sines of every position, [contextLength, headDim / 2] each. */
export interface RopeTables {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/** The part of the network's shape that rotation depends on. */
export type RopeShape = Pick<Architecture, 'headDim' | 'ropeTheta' | 'ropeScaling' | 'contextLength'>;

/**
 * Rotary position embedding as transformers 5's `LlamaRotaryEmbedding` computes it, for a sequence whose
 * first `promptTokens` tokens are read at once and whose later ones are decoded one by one.
 *
 * The two differ under `dynamic` scaling alone, where frequencies depend on the sequence's length at the time
 * a token is rotated: a prompt's tokens by the prompt's length, a decoded token at position p by p + 1, and
 * keys keep the rotation that they got. That is what a freshly loaded model does in transformers with one
 * sequence and a cache. There, a longer sequence in the same batch or earlier also changes the frequencies;
 * here it never does, so that a response depends on its prompt alone.
 */
export function ropeTables(shape: RopeShape, promptTokens = 0): RopeTables {
  const { headDim, contextLength } = shape;
  const half = headDim / 2;
  const cos = new Float32Array(contextLength * half);
  const sin = new Float32Array(contextLength * half);
  const scale = shape.ropeScaling?.type === 'yarn' ? f32(shape.ropeScaling.attentionFactor) : 1;
  let theta = thetaAt(shape, promptTokens);
  let frequencies = inverseFrequencies(shape, theta);
  for (let position = 0; position < contextLength; position++) {
    const thetaHere = thetaAt(shape, Math.max(promptTokens, position + 1));
    if (thetaHere !== theta) frequencies = inverseFrequencies(shape, thetaHere);
    theta = thetaHere;
    for (let i = 0; i < half; i++) {
      const angle = f32(position * frequencies[i]!);
      cos[position * half + i] = f32(Math.cos(angle)) * scale;
      sin[position * half + i] = f32(Math.sin(angle)) * scale;
    }
  }
  return { cos, sin };
}

/** Whether a prompt's tokens get a different rotation from decoded ones at the same positions. */
function isRotatedByLength({ ropeScaling }: RopeShape, promptTokens: number): boolean {
  return ropeScaling?.type === 'dynamic' && promptTokens > ropeScaling.originalLength;
}

/** Rotary tables of one network. */
export class Rope {
  /** Of decoded tokens; they also serve prompts whose length does not matter. */
  readonly decoded: RopeTables;
  readonly #shape: RopeShape;

  constructor(shape: RopeShape) {
    this.#shape = shape;
    this.decoded = ropeTables(shape);
  }

  /**
   * Sequences whose prompts have equal values share one rotation: 0 where the prompt's length does not
   * matter.
   */
  rotationOf(promptTokens: number): number {
    return isRotatedByLength(this.#shape, promptTokens) ? promptTokens : 0;
  }

  /** Of a sequence that starts with a prompt of this many tokens. */
  ofPrompt(promptTokens: number): RopeTables {
    return this.rotationOf(promptTokens) > 0 ? ropeTables(this.#shape, promptTokens) : this.decoded;
  }
}

/** Parity at long positions depends on rounding to float32 wherever PyTorch does. */
const f32 = Math.fround;

/**
 * The base of the frequencies for a sequence of this many tokens; only `dynamic` scaling changes it
 * (`_compute_dynamic_ntk_parameters` of transformers' modeling_rope_utils.py).
 */
export function thetaAt({ headDim, ropeTheta, ropeScaling }: RopeShape, sequenceLength: number): number {
  if (ropeScaling?.type !== 'dynamic' || sequenceLength <= ropeScaling.originalLength) return ropeTheta;
  const { factor, originalLength } = ropeScaling;
  const growth = f32(f32(f32(factor * sequenceLength) / originalLength) - (factor - 1));
  return f32(ropeTheta * f32(growth ** (headDim / (headDim - 2))));
}

/**
 * Radians a position, [headDim / 2]; the functions of `ROPE_INIT_FUNCTIONS` operation by operation. A number
 * divided by a tensor is a product with its reciprocal there.
 */
export function inverseFrequencies({ headDim, ropeScaling }: RopeShape, theta: number): Float32Array {
  const periods = Float32Array.from({ length: headDim / 2 }, (_, i) => f32(theta) ** f32((2 * i) / headDim));
  const plain = periods.map((period) => 1 / period);
  if (ropeScaling?.type === 'yarn') return yarnFrequencies(periods, ropeScaling, theta);
  if (ropeScaling?.type === 'linear') return plain.map((frequency) => frequency / ropeScaling.factor);
  if (ropeScaling?.type === 'llama3')
    return plain.map((frequency) => llama3Frequency(frequency, ropeScaling));
  return plain;
}

type Llama3Scaling = Extract<Architecture['ropeScaling'], { type: 'llama3' }>;

/** `_compute_llama3_parameters` for one pair. */
function llama3Frequency(frequency: number, scaling: Llama3Scaling): number {
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalLength } = scaling;
  const wavelength = f32(f32(1 / frequency) * f32(2 * Math.PI));
  if (wavelength > originalLength / low) return frequency / factor;
  if (wavelength < originalLength / high) return frequency;
  const smooth = f32(f32(f32(f32(1 / wavelength) * originalLength) - low) / (high - low));
  return f32(f32(f32(1 - smooth) * frequency) / factor) + f32(smooth * frequency);
}
