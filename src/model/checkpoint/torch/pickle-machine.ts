import { GlobalName, PickleError, type PickleValue } from './pickle-values.ts';

/** What a pickle means to its reader. */
export interface PickleMeaning {
  /** Whether a name may occur at all. */
  readonly knows: (name: string) => boolean;
  /** The result of calling a known name. */
  readonly call: (name: string, args: readonly PickleValue[]) => PickleValue;
  /** The object outside of the pickle that an id stands for. */
  readonly persistent: (id: PickleValue) => PickleValue;
}

/** About twenty for each tensor; without a bound, a small pickle could fill the memory with empty lists. */
const MAX_VALUES = 2_000_000;

const MARK = Symbol('mark');
type StackValue = PickleValue | typeof MARK;

/** The stack, the memo and the place in the bytes of a pickle that is being read. */
export class PickleMachine {
  readonly meaning: PickleMeaning;
  readonly memo = new Map<number, PickleValue>();
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #stack: StackValue[] = [];
  #position = 0;
  #pushed = 0;

  constructor(bytes: Uint8Array, meaning: PickleMeaning) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.meaning = meaning;
  }

  /** The next `length` bytes. */
  take(length: number): Uint8Array {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw new PickleError('a pickle that ends in the middle');
    const taken = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  /** An unsigned integer of 2, 4 or 8 bytes. */
  unsigned(bytes: 2 | 4 | 8): number {
    const at = this.#position;
    this.take(bytes);
    if (bytes === 2) return this.#view.getUint16(at, true);
    if (bytes === 4) return this.#view.getUint32(at, true);
    return Number(this.#view.getBigUint64(at, true));
  }

  signed32(): number {
    const at = this.#position;
    this.take(4);
    return this.#view.getInt32(at, true);
  }

  float64(): number {
    const at = this.#position;
    this.take(8);
    return this.#view.getFloat64(at);
  }

  /** Up to the next newline, which is taken too. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end === -1) throw new PickleError('a pickle that ends in the middle');
    const text = utf8(this.take(end - this.#position));
    this.take(1);
    return text;
  }

  push(value: StackValue): void {
    if (++this.#pushed > MAX_VALUES) throw new PickleError(`more than ${MAX_VALUES} values`);
    this.#stack.push(value);
  }

  mark(): void {
    this.push(MARK);
  }

  pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined || value === MARK)
      throw new PickleError('a pickle that takes more than it put down');
    return value;
  }

  top(): PickleValue {
    const value = this.pop();
    this.push(value);
    return value;
  }

  /** All values above the last mark, which goes too. */
  popToMark(): PickleValue[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark === -1) throw new PickleError('a pickle that takes more than it put down');
    const values = this.#stack.splice(mark + 1) as PickleValue[];
    this.#stack.pop();
    return values;
  }

  global(name: string): GlobalName {
    if (!this.meaning.knows(name)) throw new PickleError(`${name}, which no state dict needs`);
    return new GlobalName(name);
  }
}

export const utf8 = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
