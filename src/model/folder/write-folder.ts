import { constants, copyFileSync, linkSync, realpathSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { sha256OfSmallFile } from '../../core/sha256.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { CheckpointTensor } from '../checkpoint/checkpoint-tensors.ts';
import type { Precision } from '../quantise/precision.ts';
import { weightsIn } from '../quantise/stored-tensors.ts';
import { bytesToQuantise, quantisedFiles, writeQuantised } from '../quantise/write-quantised.ts';
import type { TokenizerDecisions } from '../tokenizer/tokenizer-notes.ts';
import { copiedFiles, fingerprint } from './fingerprint.ts';
import { folderTensors, foreignFileName } from './folder-tensors.ts';
import { GRAPH_VERSION, type Manifest, reachesFullDepth, writeManifest } from './manifest.ts';
import { writeBeamGraphs, writeHeads, writeSegments } from './write-graphs.ts';

/** Bytes of the checkpoint that were quantised, and of all that will be. */
export interface Step {
  readonly bytes: number;
  readonly total: number;
}

/** Writes all files of a model folder, model.json last. */
export function* writeFolder(
  checkpoint: Checkpoint,
  { notes, ...tokenizer }: TokenizerDecisions,
  folder: string,
  precision: Precision,
): Generator<Step, Manifest> {
  const weights = yield* writeWeights(checkpoint, folder, precision);
  const copied = copiedFiles(checkpoint.folder);
  for (const name of copied) copyFileSync(join(checkpoint.folder, name), join(folder, name));
  const manifest = {
    format: 1 as const,
    graphVersion: GRAPH_VERSION as Manifest['graphVersion'],
    precision,
    ...shapeOf(checkpoint),
    eosTokenIds: [...checkpoint.eosTokenIds],
    ...tokenizer,
    ...writeGraphs(checkpoint, weights, folder, precision),
    notes: [...checkpoint.notes, ...notes],
    source: { folder: resolve(checkpoint.folder), fingerprint: fingerprint(checkpoint, precision) },
  };
  writeManifest(folder, manifest);
  return manifest;
}

/** The weights of a folder that is being written: names of their files, and where each tensor lies. */
interface WrittenWeights {
  readonly files: readonly string[];
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
}

function* writeWeights(
  checkpoint: Checkpoint,
  folder: string,
  precision: Precision,
): Generator<Step, WrittenWeights> {
  if (precision === 'fp32') return linkWeights(checkpoint, folder);
  const total = bytesToQuantise(checkpoint);
  for (const bytes of writeQuantised(checkpoint, folder, precision)) yield { bytes, total };
  const files = quantisedFiles(checkpoint, folder);
  const tensors = folderTensors(folder, { ...shapeOf(checkpoint), precision, heads: [] }, files);
  return { files: files.map(({ path }) => basename(path)), tensors };
}

/** The checkpoint's own files under their names; those of foreign heads, which may be any, under names of ours. */
function linkWeights({ files, foreignHeads, tensors }: Checkpoint, folder: string): WrittenWeights {
  const names = new Map([
    ...files.map(({ path }) => [path, basename(path)] as const),
    ...(foreignHeads?.files ?? []).map(({ path }, index) => [path, foreignFileName(index, path)] as const),
  ]);
  for (const [path, name] of names) linkOrCopy(path, join(folder, name));
  const linked = [...tensors].map(([name, tensor]) => {
    return [name, { ...tensor, file: join(folder, names.get(tensor.file)!) }] as const;
  });
  return { files: [...names.values()], tensors: new Map(linked) };
}

/** What model.json says about the network. */
function shapeOf({ kind, architecture, exits, exitHeads, foreignHeads }: Checkpoint) {
  const own = { heads: [...exitHeads.heads], norms: [...exitHeads.norms] };
  return { kind, architecture, exits: [...exits], ...(foreignHeads && { exitHeads: own }) };
}

function writeGraphs(
  { architecture, kind, exits, exitHeads }: Checkpoint,
  { files, tensors }: WrittenWeights,
  folder: string,
  precision: Precision,
): Pick<Manifest, 'segments' | 'heads' | 'beams' | 'files'> {
  const weights = weightsIn(tensors, architecture, exitHeads, precision);
  const graphs = { architecture, kind, exits, exitHeads, weights };
  const segments = writeSegments(graphs, folder);
  const heads = writeHeads(graphs, folder);
  const full = { architecture, exits: [...exits] };
  const beams = reachesFullDepth(full) ? writeBeamGraphs(graphs, folder, heads.at(-1)!) : undefined;
  const names = [...[...segments, ...heads].map(({ file }) => file), ...Object.values(beams ?? {})];
  return { segments, heads, ...(beams && { beams }), files: describeFiles(folder, files, names) };
}

function describeFiles(
  folder: string,
  weights: readonly string[],
  graphs: readonly string[],
): Manifest['files'] {
  const small = [...graphs, ...copiedFiles(folder)];
  const describe = (name: string, hash: boolean): [string, Manifest['files'][string]] => {
    const { size, mtimeMs } = statSync(join(folder, name));
    return [name, { bytes: size, mtimeMs, sha256: hash ? sha256OfSmallFile(join(folder, name)) : null }];
  };
  return Object.fromEntries([
    ...weights.map((name) => describe(name, false)),
    ...small.map((name) => describe(name, true)),
  ]);
}

/** ONNX Runtime refuses external data outside the model's folder; a hard link is inside and costs nothing. */
function linkOrCopy(path: string, target: string): void {
  const real = realpathSync(path);
  try {
    linkSync(real, target);
  } catch {
    // Another file system, or one without links. If the copy fails too, its error gives the reason.
    copyFileSync(real, target, constants.COPYFILE_EXCL);
  }
}
