/** As capacities of a cache: a row grows as its own prompt needs it, not as its neighbours do. */
const GROWTH = 64;

/**
 * Where the tokens of one prompt's beams lie. All beams of a prompt share one row of the cache: the prompt's tokens, then
 * every token that a beam chose. A beam looks at the prompt and at its own path. So nothing is copied when beams change
 * places; what no beam has on its path any more is free for other tokens. It depends on the prompt's own beams alone.
 */
export class BeamSlots {
  readonly #promptTokens: number;
  #end: number;
  #free: number[];
  #paths: readonly (readonly number[])[];

  constructor(promptTokens: number, beams: number) {
    this.#promptTokens = promptTokens;
    this.#end = Math.ceil((promptTokens + 1) / GROWTH) * GROWTH;
    this.#free = range(promptTokens, this.#end);
    this.#paths = Array.from({ length: beams }, () => []);
  }

  /** The row's positions that are in use lie before this one. */
  get end(): number {
    return this.#end;
  }

  /** For each beam, the positions of its tokens that are stored, oldest first. */
  get paths(): readonly (readonly number[])[] {
    return this.#paths;
  }

  /** Positions for one token of each beam. */
  place(): number[] {
    const beams = this.#paths.length;
    if (this.#free.length < beams) this.#free = this.#unused();
    while (this.#free.length < beams) {
      this.#free.push(...range(this.#end, this.#end + GROWTH));
      this.#end += GROWTH;
    }
    return this.#free.splice(0, beams);
  }

  /**
   * Each new beam goes on from one of the old ones and the token that was placed for it.
   * @param placed what `place` gave
   */
  follow(parents: readonly number[], placed: readonly number[]): void {
    this.#paths = parents.map((parent) => [...this.#paths[parent]!, placed[parent]!]);
  }

  #unused(): number[] {
    const used = new Set(this.#paths.flat());
    return range(this.#promptTokens, this.#end).filter((position) => !used.has(position));
  }
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}
