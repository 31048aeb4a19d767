import { CAPACITY_STEP, toCapacity } from './kv-cache.js';
/**
 * Where the tokens of one prompt's beams lie. All beams of a prompt share one row of the cache: the prompt's tokens, then
 * every token that a beam chose. A beam attends to the prompt and to its own path. So nothing is copied when beams change
 * places; positions that are on no beam's path any more are free for other tokens. A row grows by the steps of a cache's
 * capacity, as its own beams need it and not as its neighbours do.
 */
export class BeamSlots {
    #promptTokens;
    #end;
    #free;
    #paths;
    constructor(promptTokens, beams) {
        this.#promptTokens = promptTokens;
        this.#end = toCapacity(promptTokens + 1);
        this.#free = range(promptTokens, this.#end);
        this.#paths = Array.from({ length: beams }, () => []);
    }
    /** The row's positions that are in use lie before this one. */
    get end() {
        return this.#end;
    }
    /** For each beam, the positions of its tokens that are stored, oldest first. */
    get paths() {
        return this.#paths;
    }
    /** Positions for one token of each beam. */
    place() {
        const beams = this.#paths.length;
        if (this.#free.length < beams)
            this.#free = this.#unused();
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
    follow(parents, placed) {
        this.#paths = parents.map((parent) => [...this.#paths[parent], placed[parent]]);
    }
    #unused() {
        const used = new Set(this.#paths.flat());
        return range(this.#promptTokens, this.#end).filter((position) => !used.has(position));
    }
}
function range(start, end) {
    return Array.from({ length: end - start }, (_, index) => start + index);
}
