import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Architecture } from './architecture.ts';
import { beamHeadGraph, beamLayersGraph } from './beam-graphs.ts';
import type { Checkpoint } from './checkpoint.ts';
import { headGraph } from './head-graphs.ts';
import type { Manifest, ManifestHead, ManifestWeight } from './manifest.ts';
import { encodeModel } from './onnx.ts';
import { type LayerRange, segmentGraph } from './segment-graph.ts';
import { EMBEDDING, FINAL_NORM, headTensorOf, layerTensors } from './tensor-names.ts';

/** The graphs of the layers between exits. */
export function writeSegments(checkpoint: Checkpoint, folder: string): Manifest['segments'] {
  return checkpoint.exits.map((exit, index) => {
    const range = { first: checkpoint.exits[index - 1] ?? 0, last: exit };
    const file = `segment-${String(index).padStart(2, '0')}.onnx`;
    const find = (name: string) => placeOf(checkpoint, name);
    writeFileSync(join(folder, file), encodeModel(segmentGraph(checkpoint.architecture, range, find)));
    return { file, exit, weights: filesOfSegment(checkpoint, index, (name) => find(name).file) };
  });
}

/** The files that hold what segment `index` reads. */
export function filesOfSegment(
  { architecture, exits }: Pick<Checkpoint, 'architecture' | 'exits'>,
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
export function writeHeads(checkpoint: Checkpoint, folder: string): ManifestHead[] {
  const norm = placeOf(checkpoint, FINAL_NORM);
  const write = (file: string, exits: readonly number[], tensor: string): ManifestHead => {
    const head = placeOf(checkpoint, tensor);
    writeFileSync(join(folder, file), encodeModel(headGraph(checkpoint.architecture, { norm, head })));
    return { file, exits: [...exits], norm, head };
  };
  const { architecture, kind, exits } = checkpoint;
  const headOf = (exit: number) => headTensorOf(architecture, kind, exit);
  if (kind !== 'early-exit') return [write('head.onnx', exits, headOf(architecture.layers))];
  return exits.map((exit) => write(`head-${String(exit).padStart(2, '0')}.onnx`, [exit], headOf(exit)));
}

/** The graphs of beam search: all layers, and a head that finds continuations. */
export function writeBeamGraphs(
  checkpoint: Checkpoint,
  folder: string,
  lastHead: ManifestHead,
): Manifest['beams'] {
  const beams = { layers: 'beam-layers.onnx', head: 'beam-head.onnx' };
  const find = (name: string) => placeOf(checkpoint, name);
  const { architecture } = checkpoint;
  writeFileSync(join(folder, beams.layers), encodeModel(beamLayersGraph(architecture, find)));
  writeFileSync(join(folder, beams.head), encodeModel(beamHeadGraph(architecture, lastHead)));
  return beams;
}

function placeOf(checkpoint: Checkpoint, tensor: string): ManifestWeight {
  const place = checkpoint.tensors.get(tensor);
  if (!place) throw new Error(`${tensor} was not checked before it was used`);
  const { file, dtype, shape, offset, bytes } = place;
  return { tensor, file: basename(file), dtype, shape: [...shape], offset, bytes };
}
