/** Assembles pickles operation by operation: Lib/pickletools.py names them. */

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

const PROTO = Buffer.from([0x80, 2]);
const STOP = Buffer.from('.');
const MARK = Buffer.from('(');
export const EMPTY_DICT = Buffer.from('}');
export const EMPTY_LIST = Buffer.from(']');
export const EMPTY_TUPLE = Buffer.from(')');
const TUPLE = Buffer.from('t');
export const REDUCE = Buffer.from('R');
export const BUILD = Buffer.from('b');
export const SETITEM = Buffer.from('s');
export const SETITEMS = Buffer.from('u');
export const BINPERSID = Buffer.from('Q');
export const NEWFALSE = Buffer.from([0x89]);

/** Operations in a row, each as bytes, a list of them or Latin-1 text. */
export const bytes = (...parts: (string | number[] | Buffer)[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );

/** GLOBAL: a name of a module. */
export const named = (module: string, name: string) => Buffer.from(`c${module}\n${name}\n`);
/** BINUNICODE */
export const text = (value: string) =>
  Buffer.concat([Buffer.from('X'), u32(Buffer.byteLength(value)), Buffer.from(value)]);

/** BININT, or LONG1 for what it cannot hold. */
export function integer(value: number): Buffer {
  const bytes = Buffer.alloc(value === (value | 0) ? 5 : 10);
  if (bytes.length === 5) {
    bytes.write('J', 'latin1');
    bytes.writeInt32LE(value, 1);
    return bytes;
  }
  bytes.set([0x8a, 8]);
  bytes.writeBigInt64LE(BigInt(value), 2);
  return bytes;
}

export const tuple = (...items: readonly Buffer[]) => Buffer.concat([MARK, ...items, TUPLE]);
export const call = (callee: Buffer, ...args: readonly Buffer[]) =>
  Buffer.concat([callee, tuple(...args), REDUCE]);
export const pickle = (...operations: readonly Buffer[]) => Buffer.concat([PROTO, ...operations, STOP]);

/** A dict with names as keys. */
export const dict = (items: Readonly<Record<string, Buffer>>) =>
  Buffer.concat([
    EMPTY_DICT,
    MARK,
    ...Object.entries(items).flatMap(([name, value]) => [text(name), value]),
    SETITEMS,
  ]);

const STORAGES = { F32: 'FloatStorage', F16: 'HalfStorage', BF16: 'BFloat16Storage', I64: 'LongStorage' };
export type TorchDtype = keyof typeof STORAGES;

export interface PickledTensor {
  readonly dtype: TorchDtype;
  readonly shape: readonly number[];
  /** Name of the storage. */
  readonly storage: string;
  /** Of the whole storage, in elements; the tensor's own by default. */
  readonly elements?: number;
  /** In elements. */
  readonly offset?: number;
  /** Row-major by default. */
  readonly strides?: readonly number[];
}

/** A tensor as `torch.save` pickles it. */
export function tensor({ dtype, shape, storage, elements, offset = 0, strides }: PickledTensor): Buffer {
  const count = shape.reduce((product, size) => product * size, 1);
  const id = tuple(
    text('storage'),
    named('torch', STORAGES[dtype]),
    text(storage),
    text('cpu'),
    integer(elements ?? count),
  );
  return call(
    named('torch._utils', '_rebuild_tensor_v2'),
    Buffer.concat([id, BINPERSID]),
    integer(offset),
    tuple(...shape.map(integer)),
    tuple(...(strides ?? rowMajor(shape)).map(integer)),
    NEWFALSE,
    call(named('collections', 'OrderedDict')),
  );
}

function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, index) => shape.slice(index + 1).reduce((product, size) => product * size, 1));
}
