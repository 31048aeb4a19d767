import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { InputError } from '../../../core/errors.ts';
import type { Architecture } from '../architecture.ts';
import { type CheckpointTensor, requireTensor } from '../checkpoint-tensors.ts';
import { type ExitHeads, exitTensors } from '../tensor-names.ts';
import type { TensorPlace, WeightsFile } from '../weights/tensor-place.ts';
import { readWeightsFile } from '../weights/weights-file.ts';
import type { HeadsFile, NamedTensor } from './heads-file.ts';

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
  const own = [...opened.values()].filter((file) => !files.includes(file));
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
  const fix = 'Correct heads.yaml, or give the heads of this network.';
  const place = requireTensor(tensors.get(tensor), [tensor, shape], { where: path, fix });
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
  if (unused.length === 0) return [];
  const more = unused.length > 3 ? ` and ${unused.length - 3} more` : '';
  return [`not used of ${basename(path)}: ${unused.slice(0, 3).join(', ')}${more}`];
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
