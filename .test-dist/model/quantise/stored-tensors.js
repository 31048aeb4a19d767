import { InputError } from '../../core/errors.js';
import { expectedTensors } from '../checkpoint/tensor-names.js';
import { dtypeUnder } from './precision.js';
import { quantisedShape } from './quantise.js';
const FLOATS = ['F32'];
/** Names of the tensors that hold a quantised matrix. They start with its own, so that its bytes can be summed up. */
export const partsOf = (weight) => ({
    codes: `${weight}.codes`,
    scales: `${weight}.scales`,
    zeros: `${weight}.zeros`,
});
/** Every tensor that the files of a model folder hold for its graphs. */
export function* storedTensors(architecture, exitHeads, precision) {
    for (const tensor of expectedTensors(architecture, exitHeads)) {
        if (precision === 'fp32')
            yield tensor;
        else
            yield* tensorsFor(...tensor, precision);
    }
}
/** What one tensor of the network becomes in a quantised folder. */
export function tensorsFor(name, shape, precision) {
    const dtype = dtypeUnder(precision, name, shape);
    if (dtype === 'F32')
        return [[name, shape, FLOATS]];
    const [rows, columns] = shape;
    const { blocks, blockBytes, zeroBytes } = quantisedShape(columns, dtype);
    const { codes, scales, zeros } = partsOf(name);
    const stored = [
        [scales, [rows, blocks], FLOATS],
        [codes, [rows, blocks, blockBytes], ['U8']],
    ];
    return zeroBytes === 0 ? stored : [...stored, [zeros, [rows, zeroBytes], ['U8']]];
}
/**
 * Where the network's weights lie, by the names that they have in the checkpoint.
 * @param tensors what `storedTensors` asks for
 * @throws InputError `bad-checkpoint` where the parts of one weight lie in several files
 */
export function weightsIn(tensors, architecture, exitHeads, precision) {
    if (precision === 'fp32')
        return tensors;
    const weights = new Map();
    for (const [name, shape] of expectedTensors(architecture, exitHeads)) {
        const dtype = dtypeUnder(precision, name, shape);
        weights.set(name, dtype === 'F32' ? tensors.get(name) : joinParts(tensors, name, shape, dtype));
    }
    return weights;
}
function joinParts(tensors, name, shape, dtype) {
    const parts = partsOf(name);
    const { file, offset, bytes } = tensors.get(parts.codes);
    const offsetOf = (part) => {
        const tensor = tensors.get(part);
        if (tensor.file === file)
            return tensor.offset;
        throw new InputError({
            code: 'bad-checkpoint',
            where: `${tensor.file}: ${part}`,
            expected: `it in ${file}, beside the codes`,
            found: 'it in another file',
            fix: 'Import the checkpoint again: sorted-eval import <checkpoint> <folder>.',
        });
    };
    const place = { file, dtype, shape, offset, bytes, scalesOffset: offsetOf(parts.scales) };
    return dtype === 'int4' ? { ...place, zerosOffset: offsetOf(parts.zeros) } : place;
}
