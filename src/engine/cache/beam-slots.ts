import { CAPACITY_STEP, toCapacity } from './kv-cache.ts';

/**
 * Where the tokens of one prompt's beams lie. All beams of a prompt share one row of the cache: the prompt's
 * tokens, then every token that a beam chose. A beam attends to the prompt and to its own path. So nothing is
 * copied when beams change places; positions that are on no beam's path any more are free for other tokens. A
 * row grows by the steps of a cache's capacity, as its own beams need it and not as its neighbours do.
 */
export class BeamSlots {
  readonly #promptTokens: number;
  #end: number;
  #free: number[];
  #paths: readonly (readonly number[])[];

  constructor(promptTokens: number, beams: number) {
    this.#promptTokens = promptTokens;
    this.#end = toCapacity(promptTokens + 1);
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
      this.#free.push(...range(this.#end, this.#end + CAPACITY_STEP));
      this.#end += CAPACITY_STEP;
    }
    return this.#free.splice(0, beams);
  }

  /**
   * Each new beam continues one of the old ones with the token that was placed for it.
   * @param placed what `place` returned
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
