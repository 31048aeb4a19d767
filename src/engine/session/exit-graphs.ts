import { headOfExit, type Manifest } from '../../model/folder/manifest.ts';
import { storedWeightsOf } from '../../model/folder/read-manifest.ts';
import { placeOf } from '../../model/folder/write-graphs.ts';
import { beamHeadGraph, beamLayersGraph } from '../../model/graphs/full-depth-graphs.ts';
import { penalisedHeadGraph } from '../../model/graphs/head-graphs.ts';
import { encodeModel } from '../../model/graphs/onnx.ts';

/** A sub-model as a model of its own: graphs as bytes, for the weights in a model folder. */
export interface ExitGraphs {
  /** Of a network that ends at the exit. */
  readonly manifest: Manifest;
  readonly layers: Uint8Array;
  readonly head: Uint8Array;
}

/**
 * What beam search runs at an exit: all of its layers in one graph, and its head.
 * @throws InputError `unknown-exit`, `bad-checkpoint`
 */
export function exitGraphs(folder: string, manifest: Manifest, exit: number): ExitGraphs {
  const head = headOfExit(manifest, exit, 'exit');
  const architecture = { ...manifest.architecture, layers: exit };
  const weights = storedWeightsOf(folder, manifest);
  const find = (tensor: string) => placeOf({ weights }, tensor);
  return {
    manifest: { ...manifest, architecture },
    layers: encodeModel(beamLayersGraph(architecture, find)),
    head: encodeModel(beamHeadGraph(architecture, head)),
  };
}

/** By the file of the head that they replace: heads whose choice a repetition penalty changes. */
export function penalisedHeads({ architecture, heads }: Manifest): ReadonlyMap<string, Uint8Array> {
  return new Map(heads.map((head) => [head.file, encodeModel(penalisedHeadGraph(architecture, head))]));
}
