import { BYTES_PER_ELEMENT } from '../checkpoint/safetensors.js';
import { expectedTensors, layerTensors } from '../checkpoint/tensor-names.js';
import { tensorsFor } from '../quantise/stored-tensors.js';
/** Sizes from the shapes in the manifest. */
export function modelSize(manifest) {
    const { architecture, heads, kind } = manifest;
    const { hiddenSize: D, vocabSize: V, tiedHead } = architecture;
    const layerShapes = layerTensors(architecture, 0).map(([, shape]) => shape);
    const layerParameters = layerShapes.map(product).reduce((sum, count) => sum + count);
    const bodyParameters = architecture.layers * layerParameters + D;
    const headParameters = tiedHead ? 0 : V * D;
    const extraHeads = kind === 'early-exit' ? heads.length - 1 : 0;
    const extraHeadParameters = extraHeads * D * V;
    const parameters = { bodyParameters, embeddingParameters: V * D, headParameters, extraHeadParameters };
    return { ...parameters, ...bytesOf(manifest, bodyParameters + V * D + headParameters) };
}
function bytesOf({ precision, architecture, kind, heads, exits }, sharedParameters) {
    if (precision === 'fp32') {
        const extraHeads = kind === 'early-exit' ? heads.slice(0, -1) : [];
        const extraHeadBytes = extraHeads.reduce((sum, { head }) => sum + head.bytes, 0);
        const shared = sharedParameters * BYTES_PER_ELEMENT[heads.at(-1).norm.dtype];
        return { weightBytes: shared + extraHeadBytes, extraHeadBytes };
    }
    const shared = quantisedBytes(expectedTensors(architecture, []), precision);
    const all = quantisedBytes(expectedTensors(architecture, kind === 'early-exit' ? exits : []), precision);
    return { weightBytes: all, extraHeadBytes: all - shared };
}
function quantisedBytes(tensors, precision) {
    const stored = [...tensors].flatMap(([name, shape]) => tensorsFor(name, shape, precision));
    const bytes = stored.map(([, shape, dtypes]) => product(shape) * (dtypes?.[0] === 'U8' ? 1 : 4));
    return bytes.reduce((sum, count) => sum + count, 0);
}
const product = (shape) => shape.reduce((all, size) => all * size);
