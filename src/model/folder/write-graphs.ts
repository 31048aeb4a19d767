import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Architecture } from '../checkpoint/architecture.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { EMBEDDING, headTensorOf, layerTensors, normTensorOf } from '../checkpoint/tensor-names.ts';
import { beamHeadGraph, beamLayersGraph } from '../graphs/full-depth-graphs.ts';
import { headGraph } from '../graphs/head-graphs.ts';
import { encodeModel } from '../graphs/onnx.ts';
import { type LayerRange, segmentGraph } from '../graphs/segment-graph.ts';
import type { StoredWeight } from '../quantise/stored-tensors.ts';
import { isQuantised } from '../quantise/weight-place.ts';
import type { Manifest, ManifestHead } from './manifest.ts';

/** A network and the places of the weights that its graphs read. */
export interface GraphSource extends Pick<Checkpoint, 'architecture' | 'kind' | 'exits' | 'exitHeads'> {
  readonly weights: ReadonlyMap<string, StoredWeight>;
}

/** The graphs of the layers between exits. */
export function writeSegments(source: GraphSource, folder: string): Manifest['segments'] {
  return source.exits.map((exit, index) => {
    const range = { first: source.exits[index - 1] ?? 0, last: exit };
    const file = `segment-${String(index).padStart(2, '0')}.onnx`;
    const find = (name: string) => placeOf(source, name);
    writeFileSync(join(folder, file), encodeModel(segmentGraph(source.architecture, range, find)));
    return { file, exit, weights: filesOfSegment(source, index, (name) => find(name).file) };
  });
}

/** The files that hold what segment `index` reads. */
export function filesOfSegment(
  { architecture, exits }: Pick<GraphSource, 'architecture' | 'exits'>,
  index: number,
  fileOf: (tensor: string) => string,
): string[] {
  const layers = namesOfLayers(architecture, { first: exits[index - 1] ?? 0, last: exits[index]! });
  const names = index === 0 ? [EMBEDDING, ...layers] : layers;
  return [...new Set(names.map(fileOf))];
}

function namesOfLayers(architecture: Architecture, { first, last }: LayerRange): string[] {
  const layers = Array.from({ length: last - first }, (_, index) => first + index);
  return layers.flatMap((layer) => layerTensors(architecture, layer).map(([name]) => name));
}

/** One head for all exits, or one for each exit of an early-exit model. */
export function writeHeads(source: GraphSource, folder: string): ManifestHead[] {
  const { architecture, kind, exits, exitHeads } = source;
  const write = (file: string, of: readonly number[]): ManifestHead => {
    const norm = placeOf(source, normTensorOf(exitHeads, of[0]!));
    if (isQuantised(norm)) throw new Error('a norm is never quantised');
    const head = placeOf(source, headTensorOf(architecture, exitHeads, of[0]!));
    writeFileSync(join(folder, file), encodeModel(headGraph(architecture, { norm, head })));
    return { file, exits: [...of], norm, head } as ManifestHead;
  };
  if (kind !== 'early-exit') return [write('head.onnx', exits)];
  return exits.map((exit) => write(`head-${String(exit).padStart(2, '0')}.onnx`, [exit]));
}

/** The graphs at full depth: all layers, and the head of beam search. */
export function writeBeamGraphs(
  source: GraphSource,
  folder: string,
  lastHead: ManifestHead,
): NonNullable<Manifest['beams']> {
  const beams = { layers: 'beam-layers.onnx', head: 'beam-head.onnx' };
  const find = (name: string) => placeOf(source, name);
  const { architecture } = source;
  writeFileSync(join(folder, beams.layers), encodeModel(beamLayersGraph(architecture, find)));
  writeFileSync(join(folder, beams.head), encodeModel(beamHeadGraph(architecture, lastHead)));
  return beams;
}

/** A weight with the name of its file in the model folder. */
export function placeOf({ weights }: Pick<GraphSource, 'weights'>, tensor: string) {
  const place = weights.get(tensor);
  if (!place) throw new Error(`${tensor} was not checked before it was used`);
  return { tensor, ...place, file: basename(place.file), shape: [...place.shape] };
}
