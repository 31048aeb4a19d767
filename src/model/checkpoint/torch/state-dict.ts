import { readPickle } from './pickle.ts';
import { GlobalName, PickleDict, PickleError, PickleTuple, type PickleValue } from './pickle-values.ts';

/** A tensor of a state dict: elements of a storage, row-major. */
export interface TorchTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Name of the storage's entry below `data/`. */
  readonly storage: string;
  /** Of the tensor's first element in its storage, in elements. */
  readonly storageOffset: number;
  readonly isContiguous: boolean;
}

interface Storage {
  readonly storage: string;
  readonly dtype: string;
}

/** Names of safetensors for PyTorch's classes of storages. */
const STORAGE_DTYPES: ReadonlyMap<string, string> = new Map([
  ['torch.FloatStorage', 'F32'],
  ['torch.HalfStorage', 'F16'],
  ['torch.BFloat16Storage', 'BF16'],
  ['torch.DoubleStorage', 'F64'],
  ['torch.LongStorage', 'I64'],
  ['torch.IntStorage', 'I32'],
  ['torch.ShortStorage', 'I16'],
  ['torch.CharStorage', 'I8'],
  ['torch.ByteStorage', 'U8'],
  ['torch.BoolStorage', 'BOOL'],
]);

const ORDERED_DICT = 'collections.OrderedDict';
const REBUILD_TENSOR = 'torch._utils._rebuild_tensor_v2';
const REBUILD_PARAMETER = 'torch._utils._rebuild_parameter';
const KNOWN: ReadonlySet<string> = new Set([
  ...STORAGE_DTYPES.keys(),
  ORDERED_DICT,
  REBUILD_TENSOR,
  REBUILD_PARAMETER,
]);

/** Not a plain object, so that no pickled dict can pass for one. */
class Rebuilt {
  readonly tensor: TorchTensor;

  constructor(tensor: TorchTensor) {
    this.tensor = tensor;
  }
}

class StorageReference {
  readonly storage: Storage;

  constructor(storage: Storage) {
    this.storage = storage;
  }
}

/**
 * The tensors of a pickled state dict (`torch.save(model.state_dict(), …)`) by name. Nothing in the pickle is run.
 * @throws PickleError naming what else the pickle holds
 */
export function readStateDict(pickle: Uint8Array): ReadonlyMap<string, TorchTensor> {
  const value = readPickle(pickle, { knows: (name) => KNOWN.has(name), call, persistent });
  if (!(value instanceof PickleDict)) throw new PickleError('a pickle of something else than a state dict');
  return new Map([...value].map(([name, entry]) => [nameOf(name), tensorOf(name, entry)]));
}

function nameOf(name: PickleValue): string {
  if (typeof name === 'string') return name;
  throw new PickleError('a state dict with a key that is no name');
}

function tensorOf(name: PickleValue, entry: PickleValue): TorchTensor {
  if (entry instanceof Rebuilt) return entry.tensor;
  const found = entry instanceof PickleDict ? 'a dict' : `something else (${typeof entry})`;
  throw new PickleError(
    `${JSON.stringify(name)} holding ${found} where a tensor has to stand: a training checkpoint is no state dict`,
  );
}

function call(name: string, args: readonly PickleValue[]): PickleValue {
  if (name === ORDERED_DICT && args.length === 0) return new PickleDict();
  if (name === REBUILD_TENSOR) return new Rebuilt(rebuildTensor(args));
  if (name === REBUILD_PARAMETER && args[0] instanceof Rebuilt) return args[0];
  throw new PickleError(`a call of ${name} that no state dict needs`);
}

/** `('storage', class, key, location, number of elements)`, as `torch.save` writes it. */
function persistent(id: PickleValue): PickleValue {
  if (!(id instanceof PickleTuple)) throw new PickleError('a storage that is not named as PyTorch does');
  const [kind, type, key] = id.items;
  const dtype = type instanceof GlobalName ? STORAGE_DTYPES.get(type.name) : undefined;
  if (kind !== 'storage' || dtype === undefined || typeof key !== 'string') {
    throw new PickleError('a storage that is not named as PyTorch does');
  }
  return new StorageReference({ storage: key, dtype });
}

/** @param args the last, which most files lack, says that the bytes hold negated or conjugated numbers */
function rebuildTensor(args: readonly PickleValue[]): TorchTensor {
  const [reference, storageOffset, size, stride, , , metadata] = args;
  if (!(reference instanceof StorageReference)) throw new PickleError('a tensor without a storage');
  if (metadata != null && !(metadata instanceof PickleDict && metadata.size === 0))
    throw new PickleError('a negated or conjugated view');
  const shape = counts(size);
  const strides = counts(stride);
  const [offset] = counts(new PickleTuple([storageOffset ?? null]));
  return {
    ...reference.storage,
    shape,
    storageOffset: offset!,
    isContiguous: isContiguous(shape, strides),
  };
}

function counts(value: PickleValue | undefined): number[] {
  const isCount = (item: PickleValue): item is number => Number.isSafeInteger(item) && (item as number) >= 0;
  if (value instanceof PickleTuple && value.items.length <= 8 && value.items.every(isCount)) {
    return [...(value.items as readonly number[])];
  }
  throw new PickleError('a tensor whose shape is no list of sizes');
}

/** Row-major, without gaps; the stride of a single element means nothing. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.length !== strides.length)
    throw new PickleError('a tensor with another number of strides than sizes');
  let expected = 1;
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    const size = shape[dimension]!;
    if (size !== 1 && strides[dimension] !== expected) return false;
    expected *= size;
  }
  return true;
}
