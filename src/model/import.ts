import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { sha256, sha256OfSmallFile } from './hash.ts';
import { alreadyThere, notWritable } from './import-errors.ts';
import { GRAPH_VERSION, MANIFEST_FILE, type Manifest, writeManifest } from './manifest.ts';
import { readManifest } from './read-manifest.ts';
import { openTokenizer } from './tokenizer.ts';
import { writeBeamGraphs, writeHeads, writeSegments } from './write-graphs.ts';

const REQUIRED_FILES = ['tokenizer.json', 'tokenizer_config.json'];
const OPTIONAL_FILES = ['generation_config.json'];

export interface ImportOptions {
  /** Layers at which sub-models end; otherwise exits.json's, otherwise the paper's. */
  readonly exits?: readonly number[];
  /** Replace an existing folder. */
  readonly replace?: boolean;
}

/**
 * Turns a Hugging Face checkpoint into a model folder: graphs that point into the checkpoint's own safetensors files,
 * which are hard-linked (copied across file systems). Nothing is converted. The folder appears whole or not at all.
 * @throws InputError when the checkpoint does not fit or the folder cannot be written
 */
export function importCheckpoint(source: string, out: string, options: ImportOptions = {}): Manifest {
  const checkpoint = openCheckpoint(source, options.exits);
  openTokenizer(source);
  if (existsSync(out) && !(options.replace && isModelFolder(out)))
    throw alreadyThere(out, options.replace === true);
  const partial = `${resolve(out)}.partial-${process.pid}`;
  try {
    mkdirSync(partial, { recursive: true });
    const manifest = writeFolder(checkpoint, partial);
    rmSync(out, { recursive: true, force: true });
    renameSync(partial, out);
    return manifest;
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).syscall ? notWritable(out, cause) : cause;
  } finally {
    if (existsSync(partial)) rmSync(partial, { recursive: true });
  }
}

/** Imports unless `out` is already the import of this very checkpoint; what the sweep does with its models. */
export function importIfChanged(source: string, out: string, exits?: readonly number[]): Manifest {
  const checkpoint = openCheckpoint(source, exits);
  if (existsSync(join(out, MANIFEST_FILE))) {
    const manifest = readCurrentManifest(out);
    if (manifest?.source.fingerprint === fingerprint(checkpoint)) return manifest;
  }
  return importCheckpoint(source, out, { ...(exits ? { exits } : {}), replace: true });
}

/** A managed folder that an older version wrote or that lost a file is imported again, not complained about. */
function readCurrentManifest(folder: string): Manifest | undefined {
  try {
    return readManifest(folder);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function writeFolder(checkpoint: Checkpoint, folder: string): Manifest {
  for (const { path } of checkpoint.files) linkOrCopy(path, join(folder, basename(path)));
  for (const name of [...REQUIRED_FILES, ...OPTIONAL_FILES]) {
    if (existsSync(join(checkpoint.folder, name))) {
      copyFileSync(join(checkpoint.folder, name), join(folder, name));
    }
  }
  const segments = writeSegments(checkpoint, folder);
  const heads = writeHeads(checkpoint, folder);
  const beams = writeBeamGraphs(checkpoint, folder, heads.at(-1)!);
  const manifest: Manifest = {
    format: 1,
    graphVersion: GRAPH_VERSION,
    kind: checkpoint.kind,
    precision: 'fp32',
    architecture: checkpoint.architecture,
    exits: [...checkpoint.exits],
    eosTokenIds: [...checkpoint.eosTokenIds],
    segments,
    heads,
    beams,
    files: describeFiles(checkpoint, folder, [
      ...[...segments, ...heads].map(({ file }) => file),
      beams.layers,
      beams.head,
    ]),
    notes: [...checkpoint.notes],
    source: { folder: resolve(checkpoint.folder), fingerprint: fingerprint(checkpoint) },
  };
  writeManifest(folder, manifest);
  return manifest;
}

function describeFiles(checkpoint: Checkpoint, folder: string, graphs: string[]): Manifest['files'] {
  const weights = checkpoint.files.map(({ path }) => basename(path));
  const small = [...graphs, ...REQUIRED_FILES, ...OPTIONAL_FILES].filter((name) =>
    existsSync(join(folder, name)),
  );
  const describe = (name: string, hash: boolean): [string, Manifest['files'][string]] => {
    const { size, mtimeMs } = statSync(join(folder, name));
    return [name, { bytes: size, mtimeMs, sha256: hash ? sha256OfSmallFile(join(folder, name)) : null }];
  };
  return Object.fromEntries([
    ...weights.map((name) => describe(name, false)),
    ...small.map((name) => describe(name, true)),
  ]);
}

/** Changes with any file that the import depends on; weights count by name, size and time of change. */
function fingerprint(checkpoint: Checkpoint): string {
  const texts = ['config.json', ...REQUIRED_FILES, ...OPTIONAL_FILES]
    .map((name) => join(checkpoint.folder, name))
    .map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : null));
  const weights = checkpoint.files.map(({ path, fileBytes }) => [
    basename(path),
    fileBytes,
    statSync(path).mtimeMs,
  ]);
  return sha256(JSON.stringify([GRAPH_VERSION, checkpoint.kind, checkpoint.exits, texts, weights]));
}

/** ONNX Runtime refuses external data outside the model's folder; a hard link is inside and costs nothing. */
function linkOrCopy(path: string, target: string): void {
  const real = realpathSync(path);
  try {
    linkSync(real, target);
  } catch {
    // Another file system, or one without links; a copy that fails as well says why.
    copyFileSync(real, target, constants.COPYFILE_EXCL);
  }
}

/** Replacing deletes, so it must not hit a checkpoint or a folder of something else. */
function isModelFolder(folder: string): boolean {
  return existsSync(join(folder, MANIFEST_FILE));
}
