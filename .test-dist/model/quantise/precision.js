import { EMBEDDING, LM_HEAD } from '../checkpoint/tensor-names.js';
/** How the weights of a model folder are held; `fp32` is the checkpoint's own files, computed with in float32. */
export const PRECISIONS = ['fp32', 'int8', 'int4'];
/**
 * How a tensor of a quantised model is held. Vectors (norms and biases) stay floats. The embedding and the heads have 8
 * bits under int4 as well: where the two are tied one copy serves both, and an error in them reaches every token.
 */
export function dtypeUnder(precision, tensor, shape) {
    if (shape.length < 2)
        return 'F32';
    const isWide = tensor === EMBEDDING || tensor === LM_HEAD || tensor.startsWith('exit_heads.');
    return isWide ? 'int8' : precision;
}
