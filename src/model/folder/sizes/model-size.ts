import { BYTES_PER_ELEMENT } from '../../checkpoint/safetensors.ts';
import { EMBEDDING, expectedTensors, headTensorOf, layerTensors } from '../../checkpoint/tensor-names.ts';
import type { QuantisedPrecision } from '../../quantise/precision.ts';
import { tensorsFor } from '../../quantise/stored-tensors.ts';
import { exitHeadsOf } from '../folder-tensors.ts';
import { depthOf, type Manifest, type ManifestWeight } from '../manifest.ts';

/** Parameters of a model by part, and bytes as stored. */
export interface ModelSize {
  /** All layers and the final norm. */
  readonly bodyParameters: number;
  readonly embeddingParameters: number;
  /** Of the full model's head; 0 if it is tied to the embedding. */
  readonly headParameters: number;
  /** (|B| − 1)·D·V for an early-exit model whose exits all have heads of their own, else 0. */
  readonly extraHeadParameters: number;
  readonly weightBytes: number;
  readonly extraHeadBytes: number;
}

/** Sizes from the shapes in the manifest; layers beyond the deepest exit count, since the folder holds them. */
export function modelSize(manifest: Manifest): ModelSize {
  const { architecture } = manifest;
  const { hiddenSize: D, vocabSize: V } = architecture;
  const layerShapes = layerTensors(architecture, 0).map(([, shape]) => shape);
  const layerParameters = layerShapes.map(product).reduce((sum, count) => sum + count);
  const bodyParameters = architecture.layers * layerParameters + D;
  const headParameters = lastHeadOf(manifest) === EMBEDDING ? 0 : V * D;
  const extraHeadParameters = extraHeadsOf(manifest).length * D * V;
  const parameters = { bodyParameters, embeddingParameters: V * D, headParameters, extraHeadParameters };
  return { ...parameters, ...bytesOf(manifest, bodyParameters + V * D + headParameters) };
}

/** The tensor of the last exit's head. */
function lastHeadOf(manifest: Manifest): string {
  return headTensorOf(manifest.architecture, exitHeadsOf(manifest), depthOf(manifest));
}

/** The other exits' heads, each once, but for the embedding. */
function extraHeadsOf(manifest: Manifest): ManifestWeight[] {
  const own = exitHeadsOf(manifest);
  const last = lastHeadOf(manifest);
  const heads = manifest.heads.map(({ exits, head }) => {
    return [headTensorOf(manifest.architecture, own, exits[0]!), head] as const;
  });
  const others = new Map(heads.filter(([name]) => name !== last && name !== EMBEDDING));
  return [...others.values()];
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
  manifest: Manifest,
  sharedParameters: number,
): Pick<ModelSize, 'weightBytes' | 'extraHeadBytes'> {
  const { precision, architecture, heads } = manifest;
  if (precision === 'fp32') {
    const extraHeadBytes = extraHeadsOf(manifest).reduce((sum, { bytes }) => sum + bytes, 0);
    const shared = sharedParameters * BYTES_PER_ELEMENT[heads.at(-1)!.norm.dtype];
    return { weightBytes: shared + extraHeadBytes, extraHeadBytes };
  }
  const shared = quantisedBytes(expectedTensors(architecture), precision);
  const all = quantisedBytes(expectedTensors(architecture, exitHeadsOf(manifest)), precision);
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
