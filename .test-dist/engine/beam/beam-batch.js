import { KvCache } from '../cache/kv-cache.js';
/**
 * Prompts whose beams decode together. Each prompt is a row of the cache, and a step of the row is one token of each of
 * its beams.
 */
export class BeamBatch {
    #model;
    #settings;
    #groups = [];
    #cache;
    constructor(model, settings) {
        this.#model = model;
        this.#settings = settings;
        const rows = Math.max(settings.prompts, model.minRows);
        this.#cache = new KvCache(model.manifest.architecture, rows);
    }
    get groups() {
        return this.#groups;
    }
    get isFull() {
        return this.#groups.length === this.#settings.prompts;
    }
    get bytes() {
        return this.#cache.bytes;
    }
    /**
     * Takes in a prompt; its beams are one token long.
     * @param load copies the prompt's keys and values into that row
     */
    join(group, load) {
        if (this.isFull)
            throw new Error('a prompt joined a full batch');
        this.#cache.reserve(group.slots.end, this.#groups.length);
        load(this.#cache, this.#groups.length);
        this.#groups.push(group);
    }
    /** Takes a finished prompt out; the last one moves into its place. */
    leave(group) {
        const hole = this.#groups.indexOf(group);
        const last = this.#groups.pop();
        if (last === group)
            return;
        this.#groups[hole] = last;
        const { layers } = this.#model.manifest.architecture;
        this.#cache.copyRow(this.#cache, this.#groups.length, hole, last.slots.end, layers);
    }
    /** One token for every beam of every prompt. */
    async step() {
        const groups = this.#groups;
        const placed = groups.map(({ slots }) => slots.place());
        this.#cache.fit(Math.max(...groups.map(({ slots }) => slots.end)), groups.length);
        const output = await this.#model.run(BigInt64Array.from(groups.flatMap(({ scorer }) => scorer.beams.map(({ tokens }) => BigInt(tokens.at(-1))))), {
            rows: groups.length,
            queryLength: this.#settings.numBeams,
            positionIds: BigInt64Array.from(groups.flatMap(positionsOf), BigInt),
            mask: this.#mask(),
            past: this.#cache,
        });
        this.#cache.scatter(output.present, placed);
        const best = await bestCandidates(this.#model, groups, output.hidden, this.#settings.penalty);
        for (const [index, { scorer, slots }] of groups.entries()) {
            scorer.advance(best[index]);
            if (scorer.isDone)
                continue;
            slots.follow(scorer.beams.map(({ parent }) => parent), placed[index]);
        }
    }
    /** [prompts, 1, beams, capacity + beams]: a beam attends to the whole prompt, its own tokens, and of the new ones its own. */
    #mask() {
        const { numBeams } = this.#settings;
        const width = this.#cache.capacity + numBeams;
        const mask = new Float32Array(this.#groups.length * numBeams * width).fill(Number.NEGATIVE_INFINITY);
        let start = 0;
        for (const { promptIds, slots } of this.#groups) {
            for (const [beam, path] of slots.paths.entries()) {
                mask.fill(0, start, start + promptIds.length);
                for (const position of path)
                    mask[start + position] = 0;
                mask[start + this.#cache.capacity + beam] = 0;
                start += width;
            }
        }
        return mask;
    }
}
/** A beam's newest token comes after the prompt and its other tokens. */
function positionsOf({ promptIds, scorer }) {
    return scorer.beams.map(({ tokens }) => promptIds.length + tokens.length - 1);
}
/**
 * For each prompt the candidates that its scorer wants, best first.
 * @param hidden of all beams of all prompts, [sum of beams, D]
 */
export async function bestCandidates(model, groups, hidden, penalty) {
    const k = Math.max(...groups.map(({ scorer }) => scorer.candidates));
    const scores = Float32Array.from(groups.flatMap(({ scorer }) => scorer.beams.map(({ score }) => score)));
    const best = await model.topTokens({ hidden, scores, seenIds: seenIds(groups), penalty, k });
    let first = 0;
    return groups.map(({ scorer }) => {
        const merged = mergeCandidates(best, first, scorer.beams.length, k);
        first += scorer.beams.length;
        return merged.slice(0, scorer.candidates);
    });
}
/** int64 [beams, longest]; short rows repeat an id, whose penalty is then written twice with one value. */
function seenIds(groups) {
    const longest = Math.max(...groups.map(({ promptSeen, scorer }) => promptSeen.length + scorer.beams[0].tokens.length));
    const rows = groups.flatMap(({ promptSeen, scorer }) => scorer.beams.map(({ tokens }) => ({ promptSeen, tokens })));
    const seen = new BigInt64Array(rows.length * longest);
    for (const [row, { promptSeen, tokens }] of rows.entries()) {
        const start = row * longest;
        seen.fill(promptSeen[0], start, start + longest);
        seen.set(promptSeen, start);
        for (const [index, token] of tokens.entries())
            seen[start + promptSeen.length + index] = BigInt(token);
    }
    return seen;
}
/** Candidates of `rows` neighbouring rows [rows, k], best first; of equals the one of the earlier beam. */
export function mergeCandidates({ scores, ids }, firstRow, rows, k) {
    const candidates = [];
    for (let beam = 0; beam < rows; beam++) {
        for (let index = (firstRow + beam) * k; index < (firstRow + beam + 1) * k; index++) {
            candidates.push({ beam, token: ids[index], score: scores[index] });
        }
    }
    return candidates.sort((left, right) => right.score - left.score);
}
