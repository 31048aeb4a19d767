import { basename } from 'node:path';
import type { ModelKind } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import { BYTES_PER_ELEMENT, type Dtype } from './safetensors.ts';
import type { TensorPlace, WeightsFile } from './weights/tensor-place.ts';
import { isBuffer, noteOnBuffers, refuseAdapterTensor, refuseUnread } from './weights/unread-tensors.ts';
import { plainNames } from './weights/wrapped-names.ts';

const FLOATS = Object.keys(BYTES_PER_ELEMENT);
const FIX = 'Check that config.json and the weights belong together.';

/** One tensor of a checkpoint: which file, and where in it. */
export interface CheckpointTensor {
  /** Absolute path of the file. */
  readonly file: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly bytes: number;
}

/** A tensor that must be there; without dtypes, any float fits. */
export type ExpectedTensor = readonly [
  name: string,
  shape: readonly number[],
  dtypes?: readonly string[] | undefined,
];

type AnyTensor = TensorPlace & { readonly file: string };

/** Every tensor of some files by the network's own names. */
export interface CollectedTensors {
  readonly tensors: ReadonlyMap<string, AnyTensor>;
  /** Names in the files, by those of the network. */
  readonly storedNames: ReadonlyMap<string, string>;
  /** What was decided about the names. */
  readonly notes: readonly string[];
}

/**
 * The tensors of all files, without the prefixes that training frameworks put before their names.
 * @param merged name of the file whose tensors stand in for those of the same name in the other files: what an adapter
 * made of them, under the network's own names
 * @throws InputError `bad-checkpoint` for a tensor that occurs twice in the other files
 */
export function collectTensors(files: readonly WeightsFile[], merged?: string): CollectedTensors {
  const isMerged = ({ path }: WeightsFile) => basename(path) === merged;
  const own = files.filter((file) => !isMerged(file));
  const { names, notes } = plainNames(own.flatMap((file) => [...file.tensors.keys()]));
  const tensors = new Map<string, AnyTensor>();
  const storedNames = new Map<string, string>();
  for (const file of own) {
    for (const [storedName, place] of file.tensors) {
      const name = names.get(storedName)!;
      const earlier = tensors.get(name);
      if (earlier) throw duplicateTensor(storedName, earlier.file, file.path);
      tensors.set(name, { ...place, file: file.path });
      storedNames.set(name, storedName);
    }
  }
  for (const file of files.filter(isMerged)) {
    for (const [name, place] of file.tensors) {
      tensors.set(name, { ...place, file: file.path });
      storedNames.set(name, name);
    }
  }
  return { tensors, storedNames, notes };
}

/** Whose tensors they are. */
interface TensorOwner {
  readonly folder: string;
  readonly kind: ModelKind;
  readonly layers: number;
}

/**
 * The tensors by name, after checking that every expected one is there in its shape and that every other one
 * changes nothing.
 * @param expected taken one by one, since a hostile config.json may name more layers than fit into memory
 * @throws InputError `bad-checkpoint` or `unsupported-model`
 */
export function requireTensors(
  collected: CollectedTensors,
  expected: Iterable<ExpectedTensor>,
  { folder, kind, layers }: TensorOwner,
): ReadonlyMap<string, CheckpointTensor> {
  const { tensors } = collected;
  const found = [...describeTensors(collected)];
  for (const tensor of found) refuseAdapterTensor(tensor);
  const read = new Set<string>();
  for (const tensor of expected) {
    const place = tensors.get(tensor[0]);
    requireTensor(place, tensor, { where: place?.file ?? folder, fix: FIX });
    read.add(tensor[0]);
  }
  for (const tensor of found) {
    if (!read.has(tensor.name)) refuseUnread(tensor, kind === 'early-exit', layers);
  }
  return tensors as ReadonlyMap<string, CheckpointTensor>;
}

/** What the names and the buffers of a checkpoint give to say. */
export function notesOnTensors(collected: CollectedTensors): string[] {
  const buffers = [...describeTensors(collected)].filter(isBuffer);
  return [...collected.notes, ...noteOnBuffers(buffers.map(({ storedName }) => storedName))];
}

function* describeTensors({ tensors, storedNames }: CollectedTensors) {
  for (const [name, { file, dtype }] of tensors)
    yield { name, storedName: storedNames.get(name)!, file, dtype };
}

function duplicateTensor(name: string, first: string, second: string): InputError {
  return new InputError({
    code: 'bad-checkpoint',
    where: `${second}: ${name}`,
    expected: 'each tensor in one file',
    found: `it also in ${basename(first)}`,
    fix: 'Download the checkpoint again.',
  });
}

/** Where a tensor should be, and what to do if it is not there. */
interface WantedPlace {
  readonly where: string;
  readonly fix: string;
}

/**
 * A tensor, after checking its shape and dtype.
 * @throws InputError `bad-checkpoint`
 */
export function requireTensor(
  tensor: TensorPlace | undefined,
  [name, shape, dtypes = FLOATS]: ExpectedTensor,
  { where, fix }: WantedPlace,
): TensorPlace & Pick<CheckpointTensor, 'dtype'> {
  const fits =
    tensor !== undefined && dtypes.includes(tensor.dtype) && String(tensor.shape) === String(shape);
  if (fits) return tensor as TensorPlace & Pick<CheckpointTensor, 'dtype'>;
  throw new InputError({
    code: 'bad-checkpoint',
    where: `${where}: ${name}`,
    expected: `${dtypes.join(', ')} of shape [${shape.join(', ')}]`,
    found: tensor ? `${tensor.dtype} [${tensor.shape.join(', ')}]` : 'no such tensor',
    fix,
  });
}
