import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { removeLeftoversOf } from '../../core/leftovers.ts';
import { sha256OfSmallFile } from '../../core/sha256.ts';
import { type Checkpoint, openCheckpoint } from '../checkpoint/checkpoint.ts';
import { collectTensors, requireTensors } from '../checkpoint/checkpoint-tensors.ts';
import type { ExitOptions } from '../checkpoint/exits-file.ts';
import type { WeightsFile } from '../checkpoint/weights/tensor-place.ts';
import type { Precision } from '../quantise/precision.ts';
import { storedTensors, weightsIn } from '../quantise/stored-tensors.ts';
import { bytesToQuantise, quantisedFiles, writeQuantised } from '../quantise/write-quantised.ts';
import { decideTokenizer, type TokenizerDecisions } from '../tokenizer/tokenizer-notes.ts';
import { copiedFiles, fingerprint } from './fingerprint.ts';
import { alreadyThere, notWritable } from './import-errors.ts';
import { GRAPH_VERSION, isModelFolder, type Manifest, reachesFullDepth, writeManifest } from './manifest.ts';
import { writeBeamGraphs, writeHeads, writeSegments } from './write-graphs.ts';

export interface ImportOptions extends ExitOptions {
  /** `fp32` by default. */
  readonly precision?: Precision;
  /** Replace an existing folder. */
  readonly replace?: boolean;
}

/** How to watch and to stop an import that quantises. */
export interface ImportWatch {
  readonly signal?: AbortSignal;
  /**
   * Called after every piece of the checkpoint that was quantised, with its bytes and those of the whole
   * checkpoint.
   */
  readonly onBytes?: (bytes: number, total: number) => void;
}

/**
 * Turns a Hugging Face checkpoint into a model folder. At fp32 its graphs point into the checkpoint's own
 * files of weights, which are hard-linked (copied across file systems), and nothing is converted; otherwise
 * a quantised copy of the weights is written. The folder appears whole or not at all.
 * @throws InputError when the checkpoint does not fit or the folder cannot be written
 */
export function importCheckpoint(source: string, out: string, options: ImportOptions = {}): Manifest {
  const steps = importInSteps(source, out, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * The same without blocking other work.
 * @throws InputError as above; the signal's reason when it is aborted
 */
export async function importWatched(
  source: string,
  out: string,
  { signal, onBytes, ...options }: ImportOptions & ImportWatch,
): Promise<Manifest> {
  const steps = importInSteps(source, out, options);
  for (let step = steps.next(); ; step = signal?.aborted ? steps.throw(signal.reason) : steps.next()) {
    if (step.done) return step.value;
    onBytes?.(step.value.bytes, step.value.total);
    await setImmediate();
  }
}

interface Step {
  readonly bytes: number;
  readonly total: number;
}

function* importInSteps(source: string, out: string, options: ImportOptions): Generator<Step, Manifest> {
  const checkpoint = openCheckpoint(source, options);
  const tokenizer = decideTokenizer(source);
  // Replacing deletes, so it must not hit a checkpoint or a folder of something else.
  if (existsSync(out) && !(options.replace && isModelFolder(out)))
    throw alreadyThere(out, options.replace === true);
  const partial = `${resolve(out)}.partial-${process.pid}`;
  try {
    removeLeftoversOf(dirname(partial), basename(resolve(out)));
    mkdirSync(partial, { recursive: true });
    const manifest = yield* writeFolder(checkpoint, tokenizer, partial, options.precision ?? 'fp32');
    rmSync(out, { recursive: true, force: true });
    renameSync(partial, out);
    return manifest;
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).syscall ? notWritable(out, cause) : cause;
  } finally {
    if (existsSync(partial)) rmSync(partial, { recursive: true });
  }
}

function* writeFolder(
  checkpoint: Checkpoint,
  { notes, ...tokenizer }: TokenizerDecisions,
  folder: string,
  precision: Precision,
): Generator<Step, Manifest> {
  const files = yield* writeWeights(checkpoint, folder, precision);
  const copied = copiedFiles(checkpoint.folder);
  for (const name of copied) copyFileSync(join(checkpoint.folder, name), join(folder, name));
  const manifest = {
    format: 1 as const,
    graphVersion: GRAPH_VERSION as Manifest['graphVersion'],
    kind: checkpoint.kind,
    precision,
    architecture: checkpoint.architecture,
    exits: [...checkpoint.exits],
    eosTokenIds: [...checkpoint.eosTokenIds],
    ...tokenizer,
    ...writeGraphs(checkpoint, files, folder, precision),
    notes: [...checkpoint.notes, ...notes],
    source: { folder: resolve(checkpoint.folder), fingerprint: fingerprint(checkpoint, precision) },
  };
  writeManifest(folder, manifest);
  return manifest;
}

/** Puts the weights into the folder and returns the headers of their files. */
function* writeWeights(
  checkpoint: Checkpoint,
  folder: string,
  precision: Precision,
): Generator<Step, readonly WeightsFile[]> {
  if (precision === 'fp32') {
    for (const { path } of checkpoint.files) linkOrCopy(path, join(folder, basename(path)));
    return checkpoint.files;
  }
  const total = bytesToQuantise(checkpoint);
  for (const bytes of writeQuantised(checkpoint, folder, precision)) yield { bytes, total };
  return quantisedFiles(checkpoint, folder);
}

function writeGraphs(
  { architecture, kind, exits, folder: source }: Checkpoint,
  files: readonly WeightsFile[],
  folder: string,
  precision: Precision,
): Pick<Manifest, 'segments' | 'heads' | 'beams' | 'files'> {
  const exitHeads = kind === 'early-exit' ? exits : [];
  const tensors = requireTensors(collectTensors(files), storedTensors(architecture, exitHeads, precision), {
    folder: source,
    kind,
    layers: architecture.layers,
  });
  const graphs = {
    architecture,
    kind,
    exits: [...exits],
    weights: weightsIn(tensors, architecture, exitHeads, precision),
  };
  const segments = writeSegments(graphs, folder);
  const heads = writeHeads(graphs, folder);
  const beams = reachesFullDepth(graphs) ? writeBeamGraphs(graphs, folder, heads.at(-1)!) : undefined;
  const names = [...[...segments, ...heads].map(({ file }) => file), ...Object.values(beams ?? {})];
  const weights = files.map(({ path }) => basename(path));
  return { segments, heads, ...(beams && { beams }), files: describeFiles(folder, weights, names) };
}

function describeFiles(folder: string, weights: string[], graphs: string[]): Manifest['files'] {
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
