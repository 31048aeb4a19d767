import { PickleMachine, type PickleMeaning, utf8 } from './pickle-machine.ts';
import { GlobalName, PickleDict, PickleError, PickleTuple, type PickleValue } from './pickle-values.ts';

/**
 * Reads the pickle of a PyTorch state dict (Python's pickle protocol, versions 2 to 5: Lib/pickletools.py). This
 * is a reader of data, not an interpreter: a pickle can name any function of Python for its reader to call, and
 * here just the names that the caller gives a meaning to are accepted. Everything else is refused by name before
 * it has any effect.
 *
 * @throws PickleError for anything that is not the data of a state dict
 */
export function readPickle(bytes: Uint8Array, meaning: PickleMeaning): PickleValue {
  const machine = new PickleMachine(bytes, meaning);
  for (;;) {
    const code = machine.byte();
    if (code === STOP) return machine.pop();
    const operation = OPERATIONS.get(code);
    if (!operation)
      throw new PickleError(`the pickle operation 0x${code.toString(16)}, which no state dict needs`);
    operation(machine);
  }
}

const STOP = 0x2e;

function text(value: PickleValue): string {
  if (typeof value === 'string') return value;
  throw new PickleError('something else where a name has to stand');
}

function setItems(machine: PickleMachine, pairs: readonly PickleValue[]): void {
  const dict = machine.top();
  if (!(dict instanceof PickleDict) || pairs.length % 2 === 1)
    throw new PickleError('items of what is no dict');
  for (let index = 0; index < pairs.length; index += 2) dict.set(pairs[index]!, pairs[index + 1]!);
}

function append(machine: PickleMachine, values: readonly PickleValue[]): void {
  const list = machine.top();
  if (!Array.isArray(list)) throw new PickleError('elements of what is no list');
  for (const value of values) list.push(value);
}

function pushTuple(machine: PickleMachine, length: number): void {
  const items = Array.from({ length }, () => machine.pop()).reverse();
  machine.push(new PickleTuple(items));
}

function get(machine: PickleMachine, index: number): void {
  const value = machine.memo.get(index);
  if (value === undefined) throw new PickleError('a reference to what was never there');
  machine.push(value);
}

function call(machine: PickleMachine): void {
  const args = machine.pop();
  const callee = machine.pop();
  if (!(callee instanceof GlobalName) || !(args instanceof PickleTuple)) {
    throw new PickleError('a call of what is no function');
  }
  machine.push(machine.meaning.call(callee.name, args.items));
}

/** Little-endian two's complement of up to eight bytes. */
function longInteger(bytes: Uint8Array): number {
  if (bytes.length > 8) throw new PickleError(`an integer of ${bytes.length} bytes`);
  let value = 0n;
  for (const byte of [...bytes].reverse()) value = (value << 8n) | BigInt(byte);
  return Number(BigInt.asIntN(bytes.length * 8, value));
}

/** By the operation's byte; names as in pickletools. */
const OPERATIONS = new Map<number, (machine: PickleMachine) => void>([
  [0x80, (m) => void m.byte()], // PROTO
  [0x95, (m) => void m.unsigned(8)], // FRAME
  [0x28, (m) => m.mark()], // MARK
  [0x4e, (m) => m.push(null)], // NONE
  [0x88, (m) => m.push(true)], // NEWTRUE
  [0x89, (m) => m.push(false)], // NEWFALSE
  [0x4a, (m) => m.push(m.signed32())], // BININT
  [0x4b, (m) => m.push(m.byte())], // BININT1
  [0x4d, (m) => m.push(m.unsigned(2))], // BININT2
  [0x8a, (m) => m.push(longInteger(m.take(m.byte())))], // LONG1
  [0x47, (m) => m.push(m.float64())], // BINFLOAT
  [0x58, (m) => m.push(utf8(m.take(m.unsigned(4))))], // BINUNICODE
  [0x8c, (m) => m.push(utf8(m.take(m.byte())))], // SHORT_BINUNICODE
  [0x8d, (m) => m.push(utf8(m.take(m.unsigned(8))))], // BINUNICODE8
  [0x7d, (m) => m.push(new PickleDict())], // EMPTY_DICT
  [0x5d, (m) => m.push([])], // EMPTY_LIST
  [0x29, (m) => m.push(new PickleTuple([]))], // EMPTY_TUPLE
  [0x74, (m) => m.push(new PickleTuple(m.popToMark()))], // TUPLE
  [0x85, (m) => pushTuple(m, 1)], // TUPLE1
  [0x86, (m) => pushTuple(m, 2)], // TUPLE2
  [0x87, (m) => pushTuple(m, 3)], // TUPLE3
  [0x73, (m) => setItems(m, [m.pop(), m.pop()].reverse())], // SETITEM
  [0x75, (m) => setItems(m, m.popToMark())], // SETITEMS
  [0x61, (m) => append(m, [m.pop()])], // APPEND
  [0x65, (m) => append(m, m.popToMark())], // APPENDS
  [0x71, (m) => void m.memo.set(m.byte(), m.top())], // BINPUT
  [0x72, (m) => void m.memo.set(m.unsigned(4), m.top())], // LONG_BINPUT
  [0x94, (m) => void m.memo.set(m.memo.size, m.top())], // MEMOIZE
  [0x68, (m) => get(m, m.byte())], // BINGET
  [0x6a, (m) => get(m, m.unsigned(4))], // LONG_BINGET
  [0x63, (m) => m.push(m.global(`${m.line()}.${m.line()}`))], // GLOBAL
  [0x93, (m) => m.push(m.global([m.pop(), m.pop()].reverse().map(text).join('.')))], // STACK_GLOBAL
  [0x51, (m) => m.push(m.meaning.persistent(m.pop()))], // BINPERSID
  [0x52, call], // REDUCE
  // BUILD: attributes of an object, such as an OrderedDict's `_metadata`; a state dict means nothing by them.
  [0x62, (m) => void m.pop()],
]);
