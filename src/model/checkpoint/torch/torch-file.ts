import { InputError } from '../../../core/errors.ts';
import { readFilePart, regularFileBytes } from '../regular-file.ts';
import type { TensorPlace, WeightsFile } from '../weights/tensor-place.ts';
import { PickleError } from './pickle-values.ts';
import { readStateDict, type TorchTensor } from './state-dict.ts';
import { badArchive, readZipEntries, TORCH_FIX, type ZipEntry } from './zip-entries.ts';

const ELEMENT_BYTES: ReadonlyMap<string, number> = new Map([
  ['F64', 8],
  ['I64', 8],
  ['F32', 4],
  ['I32', 4],
  ['F16', 2],
  ['BF16', 2],
  ['I16', 2],
  ['I8', 1],
  ['U8', 1],
  ['BOOL', 1],
]);

/** A pickle names tensors, a few hundred bytes each. */
const MAX_PICKLE_BYTES = 32_000_000;
const ZIP_MAGIC = 0x04034b50;

/**
 * Reads where the tensors of a PyTorch checkpoint (`pytorch_model.bin`) lie: since PyTorch 1.6 that is a zip archive
 * whose entries hold the elements as they are, so graphs can point at them. Nothing is unpacked and nothing is run.
 * @throws InputError `bad-checkpoint` when the archive, its pickle or a tensor is not what it should be, and
 * `unsupported-model` for the format before 1.6, transposed tensors and compressed archives
 */
export function readTorchFile(path: string): WeightsFile {
  const fileBytes = regularFileBytes(path, 'a PyTorch checkpoint', TORCH_FIX);
  const start = readFilePart(path, { offset: 0, bytes: 4 }, TORCH_FIX);
  if (start.length < 4 || start.readUInt32LE() !== ZIP_MAGIC) throw notAnArchive(path, start);
  const entries = readZipEntries(path);
  const pickle = pickleIn(entries, path);
  const folder = pickle.slice(0, -'data.pkl'.length);
  requireLittleEndian(path, entries.get(`${folder}byteorder`));
  const tensors = new Map<string, TensorPlace>();
  for (const [name, tensor] of readTensors(path, entries.get(pickle)!)) {
    const entry = entries.get(`${folder}data/${tensor.storage}`);
    tensors.set(name, placeOf(`${path}: ${name}`, tensor, entry));
  }
  return { path, fileBytes, tensors };
}

function pickleIn(entries: ReadonlyMap<string, ZipEntry>, path: string): string {
  const [pickle, ...others] = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickle !== undefined && others.length === 0) return pickle;
  const found = pickle === undefined ? `${entries.size} other entries` : `${others.length + 1} of them`;
  throw badArchive(path, 'one entry data.pkl', found);
}

function readTensors(path: string, entry: ZipEntry): ReadonlyMap<string, TorchTensor> {
  const where = `${path}: data.pkl`;
  if (entry.bytes > MAX_PICKLE_BYTES)
    throw badArchive(where, `at most ${MAX_PICKLE_BYTES} bytes`, `${entry.bytes}`);
  requirePlain(where, entry);
  try {
    return readStateDict(readFilePart(path, entry, TORCH_FIX));
  } catch (cause) {
    if (!(cause instanceof PickleError)) throw cause;
    throw new InputError({
      code: 'unsupported-model',
      where,
      expected: 'the state dict of a model, tensors by name',
      found: cause.message,
      fix: 'Save it anew: torch.save(model.state_dict(), …), or with save_pretrained of transformers. Nothing of it was run.',
      cause,
    });
  }
}

function placeOf(where: string, tensor: TorchTensor, entry: ZipEntry | undefined): TensorPlace {
  if (!entry) throw badArchive(where, 'elements in the archive', `no entry data/${tensor.storage}`);
  requirePlain(where, entry);
  if (!tensor.isContiguous) {
    throw new InputError({
      code: 'unsupported-model',
      where,
      expected: 'a tensor whose elements lie row by row',
      found: 'a transposed or strided view',
      fix: 'Save it anew with .contiguous() on this tensor, or with save_pretrained of transformers.',
    });
  }
  const elementBytes = ELEMENT_BYTES.get(tensor.dtype)!;
  const elements = tensor.shape.reduce((product, size) => product * size, 1);
  const begin = tensor.storageOffset * elementBytes;
  const bytes = elements * elementBytes;
  if (begin + bytes > entry.bytes) {
    throw badArchive(where, `${begin + bytes} bytes of elements`, `${entry.bytes} in data/${tensor.storage}`);
  }
  return { dtype: tensor.dtype, shape: tensor.shape, offset: entry.offset + begin, bytes };
}

function requirePlain(where: string, { isPlain }: ZipEntry): void {
  if (isPlain) return;
  throw new InputError({
    code: 'unsupported-model',
    where,
    expected: 'an entry that is stored as it is, as torch.save does',
    found: 'a compressed or encrypted one',
    fix: 'Save the checkpoint anew with torch.save or save_pretrained.',
  });
}

function requireLittleEndian(path: string, entry: ZipEntry | undefined): void {
  if (!entry || entry.bytes > 16) return;
  const order = readFilePart(path, entry, TORCH_FIX).toString('latin1');
  if (order !== 'big') return;
  throw new InputError({
    code: 'unsupported-model',
    where: `${path}: byteorder`,
    expected: 'little-endian weights',
    found: 'big-endian ones',
    fix: 'Save the checkpoint anew on a little-endian machine.',
  });
}

/** Before PyTorch 1.6 a checkpoint was a row of pickles, the first of them a magic number of ten bytes. */
function notAnArchive(path: string, start: Buffer): InputError {
  const isLegacy = start[0] === 0x80 && start[2] === 0x8a && start[3] === 0x0a;
  if (!isLegacy) return badArchive(path, 'a zip archive, as torch.save writes it', 'something else');
  return new InputError({
    code: 'unsupported-model',
    where: path,
    expected: 'the format of PyTorch 1.6 and later',
    found: 'the one before it',
    fix: 'Save it anew: torch.save(torch.load(path, weights_only=True), path) in a current PyTorch.',
  });
}
