import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { InputError } from '../../core/errors.ts';
import { sha256 } from '../../core/sha256.ts';
import { checkExits } from '../checkpoint/exits-file.ts';
import { readModelJson } from '../checkpoint/model-json.ts';
import { regularFileBytes } from '../checkpoint/regular-file.ts';
import { headTensorOf, normTensorOf } from '../checkpoint/tensor-names.ts';
import { isWeightsFile, readWeightsFile } from '../checkpoint/weights/weights-file.ts';
import { type StoredWeight, weightsIn } from '../quantise/stored-tensors.ts';
import { isQuantised } from '../quantise/weight-place.ts';
import { exitHeadsOf, folderTensors } from './folder-tensors.ts';
import {
  MANIFEST_FILE,
  type Manifest,
  type ManifestWeight,
  manifestSchema,
  reachesFullDepth,
} from './manifest.ts';
import { filesOfSegment } from './write-graphs.ts';

const FIX = 'Import the checkpoint again: sorted-eval import <checkpoint> <folder>.';

/**
 * Reads a model folder's model.json and checks that the folder matches it: files of their sizes, graphs as
 * they were written, weights of the network's shape where the graphs look for them, segments and heads for
 * every exit. The weights themselves are not read.
 * @throws InputError `not-found`, `not-json`, `bad-schema` or `bad-checkpoint`
 */
export function readManifest(folder: string): Manifest {
  const options = { fix: FIX, code: 'bad-schema' } as const;
  const manifest = readModelJson(join(folder, MANIFEST_FILE), manifestSchema, options);
  for (const [name, { bytes }] of Object.entries(manifest.files)) requireSize(join(folder, name), bytes);
  for (const name of graphsOf(manifest)) requireUnchanged(folder, name, manifest);
  checkExitsOf(folder, manifest);
  checkWeights(folder, manifest);
  return manifest;
}

function requireSize(path: string, expected: number): void {
  const found = regularFileBytes(path, `a file of ${expected} bytes`, FIX);
  if (found !== expected) throw broken(path, `${expected} bytes`, `${found} bytes`);
}

/**
 * Names of a folder's files of weights: those that the graphs point into, then those of layers beyond the deepest exit
 * and of heads that no exit uses, which a checkpoint of several files has in files of their own.
 */
export function weightFilesOf({ segments, heads, files }: Manifest): string[] {
  const used = [
    ...segments.flatMap(({ weights }) => weights),
    ...heads.flatMap(({ norm, head }) => [norm.file, head.file]),
  ];
  return [...new Set([...used, ...Object.keys(files).filter(isWeightsFile)])];
}

function graphsOf({ segments, heads, beams }: Manifest): string[] {
  const ofBeams = beams ? [beams.layers, beams.head] : [];
  return [...segments.map(({ file }) => file), ...heads.map(({ file }) => file), ...ofBeams];
}

/**
 * Content keys do not cover graphs: what a changed graph computes would be stored as the result of the
 * original.
 */
function requireUnchanged(folder: string, name: string, { files }: Manifest): void {
  const path = join(folder, name);
  const expected = files[name]?.sha256;
  if (!expected) throw broken(path, 'a graph whose sha256 model.json holds', 'none');
  const found = sha256(readFileSync(path));
  if (found !== expected) throw broken(path, `the graph of sha256 ${expected}`, `one of sha256 ${found}`);
}

function checkExitsOf(folder: string, { exits, segments, heads, architecture, beams }: Manifest): void {
  const where = join(folder, MANIFEST_FILE);
  checkExits(exits, architecture.layers, `${where}: exits`);
  const found = { segments: segments.map(({ exit }) => exit), heads: heads.flatMap((head) => head.exits) };
  for (const [key, ends] of Object.entries(found)) {
    if (String(ends) === String(exits)) continue;
    throw broken(`${where}: ${key}`, `one for each of the exits ${exits.join(', ')}`, `[${ends.join(', ')}]`);
  }
  if ((beams !== undefined) === reachesFullDepth({ exits, architecture })) return;
  throw broken(
    `${where}: beams`,
    beams ? 'none, since the exits end before full depth' : 'the graphs at full depth',
    beams ? 'graphs' : 'none',
  );
}

/**
 * Where the weights of a model folder lie, by their names in the checkpoint.
 * @throws InputError `bad-checkpoint`
 */
export function storedWeightsOf(folder: string, manifest: Manifest): ReadonlyMap<string, StoredWeight> {
  const { architecture, precision } = manifest;
  const headers = weightFilesOf(manifest).map((name) => readWeightsFile(join(folder, name)));
  return weightsIn(folderTensors(folder, manifest, headers), architecture, exitHeadsOf(manifest), precision);
}

function checkWeights(folder: string, manifest: Manifest): void {
  const { segments, heads, files, architecture } = manifest;
  for (const name of weightFilesOf(manifest)) {
    const expected = `one of the files of ${MANIFEST_FILE}`;
    if (!Object.hasOwn(files, name)) throw broken(join(folder, name), expected, 'another file');
  }
  const exitHeads = exitHeadsOf(manifest);
  const stored = storedWeightsOf(folder, manifest);
  for (const { exits: of, norm, head } of heads) {
    requirePlace(folder, norm, normTensorOf(exitHeads, of[0]!), stored);
    requirePlace(folder, head, headTensorOf(architecture, exitHeads, of[0]!), stored);
  }
  // Content keys cover the files that are named here: one that was left out could be exchanged unnoticed.
  for (const [index, { weights }] of segments.entries()) {
    const held = filesOfSegment(manifest, index, (name) => basename(stored.get(name)!.file));
    if (String(held) === String(weights)) continue;
    throw broken(`${join(folder, MANIFEST_FILE)}: segments.${index}.weights`, `${held}`, `[${weights}]`);
  }
}

/** @param name in the network; a place has the name in its file */
function requirePlace(
  folder: string,
  place: ManifestWeight,
  name: string,
  stored: ReadonlyMap<string, StoredWeight & { readonly tensor?: string }>,
): void {
  const weight = stored.get(name)!;
  const expected = describePlace({ tensor: name, ...weight });
  const found = describePlace(place);
  if (expected === found) return;
  throw broken(`${join(folder, MANIFEST_FILE)}: ${place.tensor}`, expected, found);
}

function describePlace(place: (StoredWeight | ManifestWeight) & { readonly tensor: string }): string {
  const { tensor, dtype, shape, bytes, offset, file } = place;
  const scales = isQuantised(place) ? `, scales from ${place.scalesOffset}` : '';
  return `${tensor}, ${dtype} [${shape}], ${bytes} bytes from ${offset} of ${basename(file)}${scales}`;
}

function broken(where: string, expected: string, found: string): InputError {
  return new InputError({ code: 'bad-checkpoint', where, expected, found, fix: FIX });
}
