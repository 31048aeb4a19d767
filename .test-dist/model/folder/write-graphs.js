import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { EMBEDDING, FINAL_NORM, headTensorOf, layerTensors } from '../checkpoint/tensor-names.js';
import { beamHeadGraph, beamLayersGraph } from '../graphs/full-depth-graphs.js';
import { headGraph } from '../graphs/head-graphs.js';
import { encodeModel } from '../graphs/onnx.js';
import { segmentGraph } from '../graphs/segment-graph.js';
import { isQuantised } from '../quantise/weight-place.js';
/** The graphs of the layers between exits. */
export function writeSegments(source, folder) {
    return source.exits.map((exit, index) => {
        const range = { first: source.exits[index - 1] ?? 0, last: exit };
        const file = `segment-${String(index).padStart(2, '0')}.onnx`;
        const find = (name) => placeOf(source, name);
        writeFileSync(join(folder, file), encodeModel(segmentGraph(source.architecture, range, find)));
        return { file, exit, weights: filesOfSegment(source, index, (name) => find(name).file) };
    });
}
/** The files that hold what segment `index` reads. */
export function filesOfSegment({ architecture, exits }, index, fileOf) {
    const layers = namesOfLayers(architecture, { first: exits[index - 1] ?? 0, last: exits[index] });
    const names = index === 0 ? [EMBEDDING, ...layers] : layers;
    return [...new Set(names.map(fileOf))];
}
function namesOfLayers(architecture, { first, last }) {
    const layers = Array.from({ length: last - first }, (_, index) => first + index);
    return layers.flatMap((layer) => layerTensors(architecture, layer).map(([name]) => name));
}
/** One head for all exits, or one for each exit of an early-exit model. */
export function writeHeads(source, folder) {
    const norm = placeOf(source, FINAL_NORM);
    if (isQuantised(norm))
        throw new Error('a norm is no matrix');
    const write = (file, exits, tensor) => {
        const head = placeOf(source, tensor);
        writeFileSync(join(folder, file), encodeModel(headGraph(source.architecture, { norm, head })));
        return { file, exits: [...exits], norm, head };
    };
    const { architecture, kind, exits } = source;
    const headOf = (exit) => headTensorOf(architecture, kind, exit);
    if (kind !== 'early-exit')
        return [write('head.onnx', exits, headOf(architecture.layers))];
    return exits.map((exit) => write(`head-${String(exit).padStart(2, '0')}.onnx`, [exit], headOf(exit)));
}
/** The graphs of beam search: all layers, and a head that finds continuations. */
export function writeBeamGraphs(source, folder, lastHead) {
    const beams = { layers: 'beam-layers.onnx', head: 'beam-head.onnx' };
    const find = (name) => placeOf(source, name);
    const { architecture } = source;
    writeFileSync(join(folder, beams.layers), encodeModel(beamLayersGraph(architecture, find)));
    writeFileSync(join(folder, beams.head), encodeModel(beamHeadGraph(architecture, lastHead)));
    return beams;
}
/** A weight with the name of its file in the model folder. */
function placeOf({ weights }, tensor) {
    const place = weights.get(tensor);
    if (!place)
        throw new Error(`${tensor} was not checked before it was used`);
    return { tensor, ...place, file: basename(place.file), shape: [...place.shape] };
}
