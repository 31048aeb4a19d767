import { copyFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sha256OfSmallFile } from '../../core/sha256.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Precision } from '../quantise/precision.ts';
import { weightsIn } from '../quantise/stored-tensors.ts';
import type { TokenizerDecisions } from '../tokenizer/tokenizer-notes.ts';
import { copiedFiles, fingerprint } from './fingerprint.ts';
import { GRAPH_VERSION, type Manifest, reachesFullDepth, SOURCE_CONFIG, writeManifest } from './manifest.ts';
import {
  type PlaceOptions,
  placeWeights,
  shapeOf,
  type WeightsStep,
  type WrittenWeights,
} from './weights/place-weights.ts';
import { weightsSample } from './weights/weights-sample.ts';
import { writeBeamGraphs, writeHeads, writeSegments } from './write-graphs.ts';

/** Writes all files of a model folder, model.json last. */
export function* writeFolder(
  checkpoint: Checkpoint,
  { notes, ...tokenizer }: TokenizerDecisions,
  folder: string,
  options: PlaceOptions,
): Generator<WeightsStep, Manifest> {
  const { precision } = options;
  const { adapter } = checkpoint;
  const weights = yield* placeWeights(checkpoint, folder, options);
  const copied = copiedFiles(checkpoint.folder);
  for (const name of copied) copyFileSync(join(checkpoint.folder, name), join(folder, name));
  copyFileSync(join(checkpoint.folder, 'config.json'), join(folder, SOURCE_CONFIG));
  const manifest = {
    format: 1 as const,
    graphVersion: GRAPH_VERSION as Manifest['graphVersion'],
    precision,
    ...shapeOf(checkpoint),
    eosTokenIds: [...checkpoint.eosTokenIds],
    ...tokenizer,
    ...writeGraphs(checkpoint, weights, folder, precision),
    notes: [...checkpoint.notes, ...notes],
    source: {
      folder: resolve(checkpoint.folder),
      fingerprint: fingerprint(checkpoint, precision),
      sample: weightsSample(checkpoint),
      ...(adapter && { adapter: resolve(adapter.folder) }),
    },
  };
  writeManifest(folder, manifest);
  return manifest;
}

function writeGraphs(
  { architecture, kind, exits, exitHeads }: Checkpoint,
  { files, tensors, merged }: WrittenWeights,
  folder: string,
  precision: Precision,
): Pick<Manifest, 'segments' | 'heads' | 'beams' | 'files' | 'merged'> {
  const weights = weightsIn(tensors, architecture, exitHeads, precision);
  const graphs = { architecture, kind, exits, exitHeads, weights };
  const segments = writeSegments(graphs, folder);
  const heads = writeHeads(graphs, folder);
  const full = { architecture, exits: [...exits] };
  const beams = reachesFullDepth(full) ? writeBeamGraphs(graphs, folder, heads.at(-1)!) : undefined;
  const names = [...[...segments, ...heads].map(({ file }) => file), ...Object.values(beams ?? {})];
  return {
    segments,
    heads,
    ...(beams && { beams }),
    files: describeFiles(folder, files, names),
    ...(merged && { merged }),
  };
}

function describeFiles(
  folder: string,
  weights: readonly string[],
  graphs: readonly string[],
): Manifest['files'] {
  const small = [...graphs, ...copiedFiles(folder), SOURCE_CONFIG];
  const describe = (name: string, hash: boolean): [string, Manifest['files'][string]] => {
    const { size, mtimeMs } = statSync(join(folder, name));
    return [name, { bytes: size, mtimeMs, sha256: hash ? sha256OfSmallFile(join(folder, name)) : null }];
  };
  return Object.fromEntries([
    ...weights.map((name) => describe(name, false)),
    ...small.map((name) => describe(name, true)),
  ]);
}
