import type { Architecture } from '../model/architecture.ts';
import type { BeamNetwork } from './beam-network.ts';
import type { Beam, BeamScorer, Candidate } from './beam-scorer.ts';
import { KvCache } from './kv-cache.ts';

/** One prompt with its beams. */
export interface BeamGroup {
  readonly promptIds: readonly number[];
  readonly scorer: BeamScorer;
}

/**
 * Prompts whose beams decode together. A prompt's keys and values are held once for all its beams; each beam holds only
 * its own answer's, which follow it when the beams are reordered.
 */
export class BeamBatch<Group extends BeamGroup> {
  readonly #network: BeamNetwork;
  readonly #beams: number;
  readonly #penalty: number;
  readonly #groups: Group[] = [];
  readonly #prefixes: KvCache;
  readonly #own: KvCache;
  /** Where the caches of one prompt's beams wait while they change places. */
  readonly #scratch: KvCache;
  readonly #layers: number;

  constructor(
    network: BeamNetwork,
    architecture: Architecture,
    settings: { readonly prompts: number; readonly numBeams: number; readonly penalty: number },
  ) {
    this.#network = network;
    this.#beams = settings.numBeams;
    this.#penalty = settings.penalty;
    this.#layers = architecture.layers;
    this.#prefixes = new KvCache(architecture, settings.prompts);
    this.#own = new KvCache(architecture, settings.prompts * settings.numBeams);
    this.#scratch = new KvCache(architecture, settings.numBeams);
  }

  get groups(): readonly Group[] {
    return this.#groups;
  }

  get isFull(): boolean {
    return this.#groups.length === this.#prefixes.rows;
  }

  /** Takes in a prompt whose keys and values lie in row 0 of `prefilled`; its beams are one token long. */
  join(group: Group, prefilled: KvCache): void {
    if (this.isFull) throw new Error('a prompt joined a full batch');
    const length = group.promptIds.length;
    this.#prefixes.reserve(length);
    this.#prefixes.copyRow(prefilled, 0, this.#groups.length, length, this.#layers);
    this.#groups.push(group);
  }

  /** Takes a finished prompt out; the last one moves into its place. */
  leave(group: Group): void {
    const hole = this.#groups.indexOf(group);
    const last = this.#groups.pop()!;
    if (last === group) return;
    this.#groups[hole] = last;
    const from = this.#groups.length;
    this.#prefixes.copyRow(this.#prefixes, from, hole, last.promptIds.length, this.#layers);
    const stored = storedTokens(last);
    for (let beam = 0; beam < this.#beams; beam++) {
      this.#own.copyRow(this.#own, this.#row(from, beam), this.#row(hole, beam), stored, this.#layers);
    }
  }

  /** One token for every beam of every prompt. */
  async step(): Promise<void> {
    const groups = this.#groups;
    const lengths = groups.flatMap((group) => this.#eachBeam(() => storedTokens(group)));
    this.#own.reserve(Math.max(...lengths) + 1);
    const rows = groups.flatMap((group) => this.#eachBeam((beam) => group.scorer.beams[beam]!));
    const hidden = await this.#network.step({
      prompts: groups.length,
      beams: this.#beams,
      inputIds: BigInt64Array.from(rows, ({ tokens }) => BigInt(tokens.at(-1)!)),
      positionIds: BigInt64Array.from(rows, ({ tokens }, row) => {
        const { promptIds } = this.#groupOf(row);
        return BigInt(promptIds.length + tokens.length - 1);
      }),
      mask: this.#mask(lengths),
      prefixes: this.#prefixes,
      own: this.#own,
      lengths,
    });
    await this.#advance(hidden, rows);
  }

  async #advance(hidden: Float32Array, rows: readonly Beam[]): Promise<void> {
    const k = Math.max(...this.#groups.map(({ scorer }) => scorer.candidates));
    const seen = rows.map(({ tokens }, row) => [...this.#groupOf(row).promptIds, ...tokens]);
    const scores = Float32Array.from(rows, ({ score }) => score);
    const best = await this.#network.continuations({
      hidden,
      scores,
      seenIds: seenIds(seen),
      penalty: this.#penalty,
      k,
    });
    for (const [index, { scorer }] of this.#groups.entries()) {
      const first = this.#row(index, 0);
      scorer.advance(mergeCandidates(best, first, this.#beams, k).slice(0, scorer.candidates));
      if (!scorer.isDone) this.#reorder(index, scorer.beams);
    }
  }

  /** Each beam's cache becomes its parent's. */
  #reorder(group: number, beams: readonly Beam[]): void {
    if (beams.every(({ parent }, beam) => parent === beam)) return;
    const length = beams[0]!.tokens.length - 1;
    this.#scratch.reserve(length);
    for (const [beam, { parent }] of beams.entries()) {
      this.#scratch.copyRow(this.#own, this.#row(group, parent), beam, length, this.#layers);
    }
    for (const beam of beams.keys()) {
      this.#own.copyRow(this.#scratch, beam, this.#row(group, beam), length, this.#layers);
    }
  }

  /** [P, R, 1, 1, 1, prefix capacity + own capacity + 1]: the whole prompt, the beam's tokens, and the new one. */
  #mask(lengths: readonly number[]): Float32Array {
    const prefix = this.#prefixes.capacity;
    const width = prefix + this.#own.capacity + 1;
    const mask = new Float32Array(lengths.length * width).fill(Number.NEGATIVE_INFINITY);
    for (const [row, length] of lengths.entries()) {
      const start = row * width;
      mask.fill(0, start, start + this.#groupOf(row).promptIds.length);
      mask.fill(0, start + prefix, start + prefix + length);
      mask[start + width - 1] = 0;
    }
    return mask;
  }

  #eachBeam<T>(of: (beam: number) => T): T[] {
    return Array.from({ length: this.#beams }, (_, beam) => of(beam));
  }

  #groupOf(row: number): Group {
    return this.#groups[Math.floor(row / this.#beams)]!;
  }

  #row(group: number, beam: number): number {
    return group * this.#beams + beam;
  }
}

/** A beam's newest token is not in its cache yet. */
function storedTokens({ scorer }: BeamGroup): number {
  return scorer.beams[0]!.tokens.length - 1;
}

/** int64 [rows, longest]; short rows repeat their first id, whose penalty is then written twice with one value. */
export function seenIds(rows: readonly (readonly number[])[]): BigInt64Array {
  const longest = Math.max(...rows.map((ids) => ids.length));
  const seen = new BigInt64Array(rows.length * longest);
  for (const [row, ids] of rows.entries()) {
    for (let index = 0; index < longest; index++) seen[row * longest + index] = BigInt(ids[index] ?? ids[0]!);
  }
  return seen;
}

/** Continuations of `rows` neighbouring rows, best first; of equals the one of the earlier beam. */
export function mergeCandidates(
  { scores, ids }: { readonly scores: Float32Array; readonly ids: readonly number[] },
  firstRow: number,
  rows: number,
  k: number,
): Candidate[] {
  const candidates: Candidate[] = [];
  for (let beam = 0; beam < rows; beam++) {
    for (let index = (firstRow + beam) * k; index < (firstRow + beam + 1) * k; index++) {
      candidates.push({ beam, token: ids[index]!, score: scores[index]! });
    }
  }
  return candidates.sort((left, right) => right.score - left.score);
}
