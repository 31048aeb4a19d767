/** Names of a layer's keys and values among the graph's inputs and outputs; `layer` counts from 0 through the whole model. */
export const pastKey = (layer) => `past_key.${layer}`;
export const pastValue = (layer) => `past_value.${layer}`;
export const presentKey = (layer) => `new_key.${layer}`;
export const presentValue = (layer) => `new_value.${layer}`;
/** What a graph of these layers takes; token ids if it starts with the embedding. */
export function inputsOf(architecture, layers, isFirst) {
    const { hiddenSize, kvHeads, headDim, contextLength } = architecture;
    const past = ['B', kvHeads, 1, 'C', headDim];
    return [
        isFirst
            ? { name: 'input_ids', type: 'int64', shape: ['B', 'S'] }
            : { name: 'hidden', type: 'float', shape: ['B', 'S', hiddenSize] },
        { name: 'position_ids', type: 'int64', shape: ['B', 'S'] },
        { name: 'cos', type: 'float', shape: [contextLength, headDim / 2] },
        { name: 'sin', type: 'float', shape: [contextLength, headDim / 2] },
        { name: 'mask', type: 'float', shape: ['B', 1, 1, 'S', 'T'] },
        ...layers.flatMap((layer) => [
            { name: pastKey(layer), type: 'float', shape: past },
            { name: pastValue(layer), type: 'float', shape: past },
        ]),
    ];
}
/** What a graph of these layers returns. */
export function outputsOf(architecture, layers) {
    const { hiddenSize, kvHeads, headDim } = architecture;
    const present = ['B', kvHeads, 'S', headDim];
    return [
        { name: 'hidden_out', type: 'float', shape: ['B', 'S', hiddenSize] },
        ...layers.flatMap((layer) => [
            { name: presentKey(layer), type: 'float', shape: present },
            { name: presentValue(layer), type: 'float', shape: present },
        ]),
    ];
}
