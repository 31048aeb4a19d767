import { basename } from 'node:path';
import {
  type CheckpointTensor,
  collectTensors,
  requireTensor,
  requireTensors,
} from '../checkpoint/checkpoint-tensors.ts';
import type { ForeignTensor } from '../checkpoint/heads/foreign-heads.ts';
import { type ExitHeads, exitTensors, NO_EXIT_HEADS, trainedExitHeads } from '../checkpoint/tensor-names.ts';
import type { WeightsFile } from '../checkpoint/weights/tensor-place.ts';
import { isTorchFile } from '../checkpoint/weights/weights-file.ts';
import { storedTensors } from '../quantise/stored-tensors.ts';
import type { Manifest, ManifestWeight } from './manifest.ts';

/** What of a manifest says which tensors its folder holds. */
interface Holder extends Pick<Manifest, 'architecture' | 'kind' | 'exits' | 'precision' | 'heads'> {
  readonly exitHeads?: ExitHeads | undefined;
  readonly merged?: string | undefined;
}

/** The exits with a head or a norm of their own. */
export function exitHeadsOf({ exitHeads, kind, exits, architecture }: Omit<Holder, 'heads'>): ExitHeads {
  return exitHeads ?? trainedExitHeads(kind, exits, architecture.layers);
}

/** Of a file that holds heads by the names that somebody else gave them. */
export const foreignFileName = (index: number, path: string) =>
  `exit-heads-${index + 1}.${isTorchFile(path) ? 'bin' : 'safetensors'}`;
const FOREIGN_FILE = /^exit-heads-\d+\.(?:safetensors|bin)$/;

/**
 * The tensors of a model folder by the network's names, after checking that all are there.
 * @param files headers of all its weights
 * @throws InputError `bad-checkpoint` or `unsupported-model`
 */
export function folderTensors(
  folder: string,
  manifest: Holder,
  files: readonly WeightsFile[],
): ReadonlyMap<string, CheckpointTensor> {
  const { architecture, kind, precision, merged } = manifest;
  const owner = { folder, kind, layers: architecture.layers };
  const require = (own: ExitHeads, held: readonly WeightsFile[]) =>
    requireTensors(collectTensors(held, merged), storedTensors(architecture, own, precision), owner);
  // A quantised folder has heads by the network's own names, whatever they had before.
  if (!manifest.exitHeads || precision !== 'fp32') return require(exitHeadsOf(manifest), files);
  const foreign = foreignTensors(folder, manifest, files);
  return new Map([...require(NO_EXIT_HEADS, withoutForeign(files, [...foreign.values()])), ...foreign]);
}

/** Each is where model.json says, which is checked against its file like every other place. */
function foreignTensors(
  folder: string,
  { architecture, exitHeads = NO_EXIT_HEADS, heads }: Holder,
  files: readonly WeightsFile[],
): ReadonlyMap<string, ForeignTensor> {
  const headOf = (exit: number) => heads.find(({ exits }) => exits.includes(exit));
  const places = [
    ...exitHeads.heads.map((exit) => headOf(exit)?.head),
    ...exitHeads.norms.map((exit) => headOf(exit)?.norm),
  ];
  const fix = 'Import the checkpoint again: sorted-eval import <checkpoint> <folder>.';
  return new Map(
    exitTensors(architecture, exitHeads).map(([name, shape], index) => {
      const found = places[index] && findPlace(places[index], files);
      const place = requireTensor(found?.place, [name, shape], { where: folder, fix });
      return [name, { ...place, file: found!.path, tensor: places[index]!.tensor }];
    }),
  );
}

function findPlace({ file, tensor }: ManifestWeight, files: readonly WeightsFile[]) {
  const held = files.find(({ path }) => basename(path) === file);
  const place = held?.tensors.get(tensor);
  return held && place && { path: held.path, place };
}

/** Files of the checkpoint may hold heads, too. */
function withoutForeign(files: readonly WeightsFile[], foreign: readonly ForeignTensor[]): WeightsFile[] {
  return files
    .filter(({ path }) => !FOREIGN_FILE.test(basename(path)))
    .map((file) => {
      const taken = new Set(foreign.filter((it) => it.file === file.path).map(({ tensor }) => tensor));
      return { ...file, tensors: new Map([...file.tensors].filter(([name]) => !taken.has(name))) };
    });
}
