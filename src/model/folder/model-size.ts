import { BYTES_PER_ELEMENT } from '../checkpoint/safetensors.ts';
import { expectedTensors, layerTensors } from '../checkpoint/tensor-names.ts';
import type { QuantisedPrecision } from '../quantise/precision.ts';
import { tensorsFor } from '../quantise/stored-tensors.ts';
import { type Manifest, reachesFullDepth } from './manifest.ts';

/** Parameters of a model by part, and bytes as stored. */
export interface ModelSize {
  /** All layers and the final norm. */
  readonly bodyParameters: number;
  readonly embeddingParameters: number;
  /** Of the full model's head; 0 if it is tied to the embedding. */
  readonly headParameters: number;
  /** (|B| − 1)·D·V for an early-exit model, else 0. */
  readonly extraHeadParameters: number;
  readonly weightBytes: number;
  readonly extraHeadBytes: number;
}

/** Sizes from the shapes in the manifest; layers beyond the deepest exit count, since the folder holds them. */
export function modelSize(manifest: Manifest): ModelSize {
  const { architecture, heads, kind } = manifest;
  const { hiddenSize: D, vocabSize: V, tiedHead } = architecture;
  const layerShapes = layerTensors(architecture, 0).map(([, shape]) => shape);
  const layerParameters = layerShapes.map(product).reduce((sum, count) => sum + count);
  const bodyParameters = architecture.layers * layerParameters + D;
  // The head of an early-exit model's last exit is its own where that is not full depth.
  const isOwnHead = kind === 'early-exit' && !reachesFullDepth(manifest);
  const headParameters = tiedHead && !isOwnHead ? 0 : V * D;
  const extraHeads = kind === 'early-exit' ? heads.length - 1 : 0;
  const extraHeadParameters = extraHeads * D * V;
  const parameters = { bodyParameters, embeddingParameters: V * D, headParameters, extraHeadParameters };
  return { ...parameters, ...bytesOf(manifest, bodyParameters + V * D + headParameters) };
}

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

function bytesOf(
  { precision, architecture, kind, heads, exits }: Manifest,
  sharedParameters: number,
): Pick<ModelSize, 'weightBytes' | 'extraHeadBytes'> {
  if (precision === 'fp32') {
    const extraHeads = kind === 'early-exit' ? heads.slice(0, -1) : [];
    const extraHeadBytes = extraHeads.reduce((sum, { head }) => sum + head.bytes, 0);
    const shared = sharedParameters * BYTES_PER_ELEMENT[heads.at(-1)!.norm.dtype];
    return { weightBytes: shared + extraHeadBytes, extraHeadBytes };
  }
  const shared = quantisedBytes(expectedTensors(architecture, []), precision);
  const all = quantisedBytes(expectedTensors(architecture, kind === 'early-exit' ? exits : []), precision);
  return { weightBytes: all, extraHeadBytes: all - shared };
}

function quantisedBytes(
  tensors: Iterable<[name: string, shape: readonly number[]]>,
  precision: QuantisedPrecision,
): number {
  const stored = [...tensors].flatMap(([name, shape]) => tensorsFor(name, shape, precision));
  const bytes = stored.map(([, shape, dtypes]) => product(shape) * (dtypes?.[0] === 'U8' ? 1 : 4));
  return bytes.reduce((sum, count) => sum + count, 0);
}

const product = (shape: readonly number[]) => shape.reduce((all, size) => all * size);
