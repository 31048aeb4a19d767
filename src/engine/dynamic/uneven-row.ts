import { WaitingStates } from './waiting-states.ts';

/** A sequence whose tokens have come to different depths; a deeper segment holds fewer of its first tokens. */
export class UnevenRow {
  /** For each segment, tokens whose keys and values it holds; never rising with depth. */
  readonly #lengths: number[];
  /** For each segment but the first, states of the tokens that only the segment before it holds. */
  readonly #waiting: readonly WaitingStates[];
  /** Ids before the first segment. */
  readonly #unread: number[] = [];

  /** @param length tokens that all `segments` hold */
  constructor(length: number, segments: number, hiddenSize: number) {
    this.#lengths = Array.from({ length: segments }, () => length);
    this.#waiting = this.#lengths.map(() => new WaitingStates(hiddenSize));
  }

  /** Tokens that the first segment holds. */
  get length(): number {
    return this.#lengths[0]!;
  }

  lengthAt(segment: number): number {
    return this.#lengths[segment]!;
  }

  /** Tokens that wait before a segment. */
  waitingAt(segment: number): number {
    return segment === 0 ? this.#unread.length : this.#waiting[segment]!.tokens;
  }

  /** A new token, which waits before the first segment. */
  push(id: number): void {
    this.#unread.push(id);
  }

  /** Forgets all tokens but the first ones: in every segment, and those that wait. */
  truncate(length: number): void {
    for (const segment of this.#lengths.keys()) {
      this.#lengths[segment] = Math.min(this.#lengths[segment]!, length);
      if (segment > 0) this.#waiting[segment]!.keep(this.#lengths[segment - 1]! - this.#lengths[segment]!);
    }
  }

  /** Takes the first tokens that wait before the first segment. */
  takeIds(tokens: number): number[] {
    return this.#unread.splice(0, tokens);
  }

  /** Takes the states [tokens, D] of the first tokens that wait before a later segment. */
  takeStates(segment: number, tokens: number): Float32Array {
    return this.#waiting[segment]!.shift(tokens);
  }

  /** A segment holds further tokens, whose states [tokens, D] after it wait before the next one. */
  advance(segment: number, tokens: number, states: Float32Array): void {
    this.#lengths[segment]! += tokens;
    this.#waiting[segment + 1]?.push(states);
  }
}
