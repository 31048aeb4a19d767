import { EMBEDDING, expectedTensors, FINAL_NORM, headTensorOf } from '../checkpoint/tensor-names.js';
/** Sizes by exit, from the headers of the weights. */
export function subModelSizes(model) {
    const { architecture, exits, kind } = model;
    const parameters = parametersByTensor(model);
    const bytes = bytesByTensor(model);
    return exits.map((exit) => {
        const head = headTensorOf(architecture, kind, exit);
        const layers = Array.from({ length: exit }, (_, layer) => `model.layers.${layer}.`);
        const body = [EMBEDDING, ...layers, FINAL_NORM];
        const ownHead = head === EMBEDDING ? [] : [head];
        return {
            exit,
            head,
            parameters: sumOf(parameters, [...body, ...ownHead]),
            bytes: sumOf(bytes, [...body, ...ownHead]),
            headParameters: sumOf(parameters, ownHead),
            headBytes: sumOf(bytes, ownHead),
        };
    });
}
/** All exits of a model together, as it lies in its folder: shared layers count once. */
export function totalSize(model) {
    return { parameters: sumOf(parametersByTensor(model), ['']), bytes: sumOf(bytesByTensor(model), ['']) };
}
/** The dtypes of the weights that a model uses, the one of most tensors first. */
export function dtypesOf({ files }) {
    const counts = new Map();
    for (const { dtype } of files.flatMap((file) => [...file.tensors.values()])) {
        counts.set(dtype, (counts.get(dtype) ?? 0) + 1);
    }
    return [...counts].sort(([, a], [, b]) => b - a).map(([dtype]) => dtype);
}
function parametersByTensor({ architecture, exits, kind }) {
    const expected = [...expectedTensors(architecture, kind === 'early-exit' ? exits : [])];
    const product = (shape) => shape.reduce((all, size) => all * size, 1);
    return new Map(expected.map(([name, shape]) => [name, product(shape)]));
}
function bytesByTensor({ files }) {
    return new Map(files.flatMap((file) => [...file.tensors].map(([name, { bytes }]) => [name, bytes])));
}
/** A layer's tensors are found by its prefix, and the scales of a quantised one beside its codes. */
function sumOf(values, prefixes) {
    let sum = 0;
    for (const [name, value] of values) {
        if (prefixes.some((prefix) => name.startsWith(prefix)))
            sum += value;
    }
    return sum;
}
