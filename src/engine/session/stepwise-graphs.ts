import type { Manifest } from '../../model/folder/manifest.ts';
import { storedWeightsOf } from '../../model/folder/read-manifest.ts';
import { placeOf } from '../../model/folder/write-graphs.ts';
import { confidenceHeadGraph } from '../../model/graphs/head-graphs.ts';
import { encodeModel } from '../../model/graphs/onnx.ts';
import { stepwiseSegmentGraph } from '../../model/graphs/segment-graph.ts';

/** Graphs as bytes, for the weights in a model folder; the folder itself need not know of them. */
export interface StepwiseGraphs {
  /** In the order of the manifest's segments. */
  readonly segments: readonly Uint8Array[];
  /** By the file of the head that they replace. */
  readonly heads: ReadonlyMap<string, Uint8Array>;
}

/**
 * What dynamic inference runs instead of a folder's segments and heads: the same weights and outputs, with segments
 * that can run stepwise and heads that say how sure they are.
 * @throws InputError `bad-checkpoint`
 */
export function stepwiseGraphs(folder: string, manifest: Manifest): StepwiseGraphs {
  const { architecture, segments, heads } = manifest;
  const weights = storedWeightsOf(folder, manifest);
  const find = (tensor: string) => placeOf({ weights }, tensor);
  return {
    segments: segments.map(({ exit }, index) => {
      const range = { first: segments[index - 1]?.exit ?? 0, last: exit };
      return encodeModel(stepwiseSegmentGraph(architecture, range, find));
    }),
    heads: new Map(heads.map((head) => [head.file, encodeModel(confidenceHeadGraph(architecture, head))])),
  };
}
