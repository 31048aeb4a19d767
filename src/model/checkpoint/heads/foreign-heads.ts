import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { InputError } from '../../../core/errors.ts';
import type { Architecture } from '../architecture.ts';
import { type CheckpointTensor, requireTensor } from '../checkpoint-tensors.ts';
import { regularFileBytes } from '../regular-file.ts';
import { type ExitHeads, exitTensors } from '../tensor-names.ts';
import type { TensorPlace, WeightsFile } from '../weights/tensor-place.ts';
import { readWeightsFile } from '../weights/weights-file.ts';
import type { HeadsFile, NamedTensor } from './heads-file.ts';

const FIX = 'Correct heads.yaml, or give the heads of this network.';

/** A tensor of another name in its file than the network gives it. */
export interface ForeignTensor extends CheckpointTensor {
  /** Its name in the file. */
  readonly tensor: string;
}

/** Heads and norms of exits that heads.yaml names. */
export interface ForeignHeads {
  readonly exitHeads: ExitHeads;
  /** By the network's names. */
  readonly tensors: ReadonlyMap<string, ForeignTensor>;
  /** The files that are not the checkpoint's own. */
  readonly files: readonly WeightsFile[];
  /** The checkpoint's own files without what is a head or a norm of an exit. */
  readonly others: readonly WeightsFile[];
  readonly notes: readonly string[];
}

/**
 * Finds the heads and norms of the exits and checks their shapes. They may lie in the checkpoint's own files.
 * @param files the checkpoint's own
 * @throws InputError `unknown-exit` for an exit without a head, or naming the file and tensor that does not fit
 */
export function openForeignHeads(
  { path, entries }: HeadsFile,
  { layers, ...shape }: Architecture,
  exits: readonly number[],
  files: readonly WeightsFile[],
): ForeignHeads {
  const used = exits.filter((exit) => exit < layers || entries.has(exit));
  const missing = used.find((exit) => !entries.has(exit));
  if (missing !== undefined) throw withoutEntry(path, missing, [...entries.keys()]);
  const exitHeads = {
    heads: used.filter((exit) => entries.get(exit)!.head),
    norms: used.filter((exit) => entries.get(exit)!.norm),
  };
  const places = [
    ...exitHeads.heads.map((exit) => entries.get(exit)!.head!),
    ...exitHeads.norms.map((exit) => entries.get(exit)!.norm!),
  ];
  const opened = openFiles(places, files);
  const tensors = exitTensors(shape, exitHeads).map(([name, expected], index) => {
    return [name, findTensor(places[index]!, expected, opened)] as const;
  });
  const own = [...new Set(opened.values())].filter((file) => !files.includes(file));
  return {
    exitHeads,
    tensors: new Map(tensors),
    files: own,
    others: files.map((file) => without(file, places, opened)),
    notes: [
      describe(path, exitHeads),
      ...own.flatMap((file) => noteOnUnused(file, namesIn(file, places, opened))),
    ],
  };
}

/** By their names in heads.yaml; a file of the checkpoint is opened once. */
function openFiles(
  places: readonly NamedTensor[],
  files: readonly WeightsFile[],
): ReadonlyMap<string, WeightsFile> {
  const known = new Map(files.map((file) => [realpathSync(file.path), file]));
  const opened = new Map<string, WeightsFile>();
  for (const { file } of places) {
    if (opened.has(file)) continue;
    regularFileBytes(file, 'a file of weights, as heads.yaml says', FIX);
    const header = readWeightsFile(file);
    const real = realpathSync(file);
    opened.set(file, known.get(real) ?? header);
    known.set(real, known.get(real) ?? header);
  }
  return opened;
}

function findTensor(
  { file, tensor }: NamedTensor,
  shape: readonly number[],
  opened: ReadonlyMap<string, WeightsFile>,
): ForeignTensor {
  const { path, tensors } = opened.get(file)!;
  if (!tensors.has(tensor)) throw withoutTensor(path, tensor, [...tensors.keys()]);
  const place = requireTensor(tensors.get(tensor), [tensor, shape], { where: path, fix: FIX });
  refuseBias(path, tensor, tensors);
  return { ...place, file: path, tensor };
}

/** A head that adds a bias, or a norm that shifts, is another than the graphs compute. */
function refuseBias(path: string, tensor: string, tensors: ReadonlyMap<string, TensorPlace>): void {
  const bias = tensor.replace(/(^|\.)weight$/, '$1bias');
  if (bias === tensor || !tensors.has(bias)) return;
  throw new InputError({
    code: 'unsupported-model',
    where: `${path}: ${bias}`,
    expected: 'heads and norms that are one matrix or vector each',
    found: 'a bias, which this network does not add',
    fix: 'If it is all zeros, save the head without it.',
  });
}

function without(
  file: WeightsFile,
  places: readonly NamedTensor[],
  opened: ReadonlyMap<string, WeightsFile>,
): WeightsFile {
  const taken = namesIn(file, places, opened);
  return { ...file, tensors: new Map([...file.tensors].filter(([name]) => !taken.has(name))) };
}

function withoutTensor(path: string, tensor: string, names: readonly string[]): InputError {
  return new InputError({
    code: 'bad-checkpoint',
    where: `${path}: ${tensor}`,
    expected: 'a tensor of this name, as heads.yaml says',
    found: `none; the file holds ${some(names)}`,
    fix: FIX,
  });
}

/** The first of many names. */
function some(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${names.slice(0, 3).join(', ')}${more}`;
}

function describe(path: string, { heads, norms }: ExitHeads): string {
  const words = (exits: readonly number[], what: string) =>
    exits.length === 0 ? [] : [`${what} of exit${exits.length === 1 ? '' : 's'} ${exits.join(', ')}`];
  return `${[...words(heads, 'heads'), ...words(norms, 'norms')].join(' and ')} as ${basename(path)} names them`;
}

/** The tensors of a file that heads.yaml names. */
function namesIn(
  file: WeightsFile,
  places: readonly NamedTensor[],
  opened: ReadonlyMap<string, WeightsFile>,
): ReadonlySet<string> {
  return new Set(places.filter((place) => opened.get(place.file) === file).map(({ tensor }) => tensor));
}

function noteOnUnused({ path, tensors }: WeightsFile, used: ReadonlySet<string>): string[] {
  const unused = [...tensors.keys()].filter((name) => !used.has(name));
  return unused.length === 0 ? [] : [`not used of ${basename(path)}: ${some(unused)}`];
}

function withoutEntry(path: string, exit: number, known: readonly number[]): InputError {
  return new InputError({
    code: 'unknown-exit',
    where: path,
    expected: `an entry for exit ${exit}`,
    found: `${known.join(', ')}`,
    fix: 'Add it, or name other exits. Full depth alone has the checkpoint’s own head without one.',
  });
}
