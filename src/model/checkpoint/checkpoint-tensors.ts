import { basename } from 'node:path';
import { InputError } from '../../core/errors.ts';
import { BYTES_PER_ELEMENT, type Dtype, type SafetensorsFile } from './safetensors.ts';

const FLOATS = Object.keys(BYTES_PER_ELEMENT);

/** One tensor of a checkpoint: which safetensors file, and where in it. */
export interface CheckpointTensor {
  /** Absolute path of the safetensors file. */
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

type AnyTensor = Omit<CheckpointTensor, 'dtype'> & { readonly dtype: string };

/**
 * The tensors of all files by name, after checking that every expected one is there in its shape and no layer
 * has another.
 * @param expected taken one by one, since a hostile config.json may name more layers than fit into memory
 * @throws InputError `bad-checkpoint` or `unsupported-model`
 */
export function requireTensors(
  files: readonly SafetensorsFile[],
  expected: Iterable<ExpectedTensor>,
  folder: string,
): ReadonlyMap<string, CheckpointTensor> {
  const tensors = collectTensors(files);
  const read = new Set<string>();
  for (const tensor of expected) {
    checkTensor(tensors.get(tensor[0]), tensor, folder);
    read.add(tensor[0]);
  }
  refuseUnread(tensors, read);
  return tensors as ReadonlyMap<string, CheckpointTensor>;
}

function collectTensors(files: readonly SafetensorsFile[]): Map<string, AnyTensor> {
  const tensors = new Map<string, AnyTensor>();
  for (const file of files) {
    for (const [name, place] of file.tensors) {
      const earlier = tensors.get(name);
      if (earlier) throw duplicateTensor(name, earlier.file, file.path);
      tensors.set(name, { ...place, file: file.path });
    }
  }
  return tensors;
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

function checkTensor(
  tensor: AnyTensor | undefined,
  [name, shape, dtypes = FLOATS]: ExpectedTensor,
  folder: string,
): void {
  const expected = `${dtypes.join(', ')} of shape [${shape.join(', ')}]`;
  const fits =
    tensor !== undefined && dtypes.includes(tensor.dtype) && String(tensor.shape) === String(shape);
  if (fits) return;
  throw new InputError({
    code: 'bad-checkpoint',
    where: `${tensor?.file ?? folder}: ${name}`,
    expected,
    found: tensor ? `${tensor.dtype} [${tensor.shape.join(', ')}]` : 'no such tensor',
    fix: 'Check that config.json and the weights belong together.',
  });
}

/**
 * A weight of a layer that no graph would read (a bias, a further layer) means that this is another network.
 */
function refuseUnread(tensors: ReadonlyMap<string, AnyTensor>, read: ReadonlySet<string>): void {
  for (const [name, { file }] of tensors) {
    // Old checkpoints hold the rotary frequencies, which rope_theta determines.
    if (read.has(name) || !name.startsWith('model.layers.') || name.endsWith('.inv_freq')) continue;
    throw new InputError({
      code: 'unsupported-model',
      where: `${file}: ${name}`,
      expected: 'only the weights of the network that config.json describes',
      found: 'one that no graph would read',
      fix: 'Check that config.json and the weights belong together.',
    });
  }
}
