import type { Manifest } from './manifest.ts';
import { modelSize } from './model-size.ts';

/**
 * Bytes of a model folder's weights in memory, from above. Sessions hold float weights as float32, whatever the
 * checkpoint's type; a head that is tied to the embedding stands beside it, packed for its product.
 */
export function openBytes(manifest: Manifest): number {
  const size = modelSize(manifest);
  const { hiddenSize, vocabSize, tiedHead } = manifest.architecture;
  const tied = tiedHead ? hiddenSize * vocabSize : 0;
  const bytes = Float32Array.BYTES_PER_ELEMENT;
  if (manifest.precision !== 'fp32') return size.weightBytes + bytes * tied;
  const { bodyParameters, embeddingParameters, headParameters, extraHeadParameters } = size;
  return bytes * (bodyParameters + embeddingParameters + headParameters + extraHeadParameters + tied);
}
