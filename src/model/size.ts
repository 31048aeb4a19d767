import type { Manifest } from './manifest.ts';
import { BYTES_PER_ELEMENT } from './safetensors.ts';
import { layerTensors } from './tensor-names.ts';

/** Parameters of a model by part, and bytes as stored. */
export interface ModelSize {
  /** All layers and the final norm. */
  readonly bodyParameters: number;
  readonly embeddingParameters: number;
  /** Of the full model's head; 0 where it is tied to the embedding. */
  readonly headParameters: number;
  /** (|B| − 1)·D·V for an early-exit model, else 0. */
  readonly extraHeadParameters: number;
  readonly weightBytes: number;
  readonly extraHeadBytes: number;
}

/** Sizes from the shapes in the manifest. */
export function modelSize({ architecture, heads, kind }: Manifest): ModelSize {
  const { hiddenSize: D, vocabSize: V, tiedHead } = architecture;
  const layerShapes = layerTensors(architecture, 0).map(([, shape]) => shape);
  const layerParameters = layerShapes.map(product).reduce((sum, count) => sum + count);
  const bodyParameters = architecture.layers * layerParameters + D;
  const headParameters = tiedHead ? 0 : V * D;
  const extraHeads = kind === 'early-exit' ? heads.length - 1 : 0;
  const extraHeadParameters = extraHeads * D * V;
  const bytesPerParameter = BYTES_PER_ELEMENT[heads.at(-1)!.norm.dtype];
  const extraHeadBytes = heads.slice(0, extraHeads).reduce((sum, { head }) => sum + head.bytes, 0);
  return {
    bodyParameters,
    embeddingParameters: V * D,
    headParameters,
    extraHeadParameters,
    weightBytes: (bodyParameters + V * D + headParameters) * bytesPerParameter + extraHeadBytes,
    extraHeadBytes,
  };
}

const product = (shape: readonly number[]) => shape.reduce((all, size) => all * size);
