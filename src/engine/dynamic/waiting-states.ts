/** Hidden states [n, D] of successive tokens of one sequence, first in, first out. */
export class WaitingStates {
  readonly #width: number;
  #buffer = new Float32Array(0);
  /** Floats taken, and floats stored. */
  #start = 0;
  #end = 0;

  constructor(hiddenSize: number) {
    this.#width = hiddenSize;
  }

  get tokens(): number {
    return (this.#end - this.#start) / this.#width;
  }

  /** @param states [n, D] */
  push(states: Float32Array): void {
    if (this.#end + states.length > this.#buffer.length) this.#makeRoom(states.length);
    this.#buffer.set(states, this.#end);
    this.#end += states.length;
  }

  /** Removes the first tokens; a view that holds until the next `push`. */
  shift(tokens: number): Float32Array {
    const first = this.#start;
    this.#start += tokens * this.#width;
    return this.#buffer.subarray(first, this.#start);
  }

  /** Removes all tokens but the first ones. */
  keep(tokens: number): void {
    this.#end = Math.min(this.#end, this.#start + tokens * this.#width);
  }

  #makeRoom(floats: number): void {
    const held = this.#buffer.subarray(this.#start, this.#end);
    const grown = new Float32Array(2 * (held.length + floats));
    grown.set(held);
    this.#buffer = grown;
    this.#end -= this.#start;
    this.#start = 0;
  }
}
