import type { BeamSlots } from '../cache/beam-slots.ts';
import { KvCache } from '../cache/kv-cache.ts';
import type { FullDepthModel } from '../session/full-depth-model.ts';
import type { TopTokens } from '../session/head-session.ts';
import { firstInWindow } from '../session/mask.ts';
import { seenIds } from '../session/seen-ids.ts';
import type { BeamScorer, Candidate } from './beam-scorer.ts';

/** One prompt with its beams. */
export interface BeamGroup {
  readonly promptIds: readonly number[];
  /** int64, the prompt's ids that the penalty falls on, each once. */
  readonly promptSeen: BigInt64Array;
  readonly scorer: BeamScorer;
  readonly slots: BeamSlots;
}

export interface BeamBatchSettings {
  /** Prompts that decode together. */
  readonly prompts: number;
  readonly numBeams: number;
  readonly penalty: number;
}

/**
 * Prompts whose beams decode together. Each prompt is a row of the cache; a step adds one token of each of
 * its beams to the row.
 */
export class BeamBatch<Group extends BeamGroup> {
  readonly #model: FullDepthModel;
  readonly #settings: BeamBatchSettings;
  readonly #groups: Group[] = [];
  readonly #cache: KvCache;

  constructor(model: FullDepthModel, settings: BeamBatchSettings) {
    this.#model = model;
    this.#settings = settings;
    const rows = Math.max(settings.prompts, model.minRows);
    this.#cache = new KvCache(model.manifest.architecture, rows);
  }

  get groups(): readonly Group[] {
    return this.#groups;
  }

  get isFull(): boolean {
    return this.#groups.length === this.#settings.prompts;
  }

  /**
   * Adds a prompt whose beams are one token long.
   * @param load copies the prompt's keys and values into a row
   */
  join(group: Group, load: (cache: KvCache, row: number) => void): void {
    if (this.isFull) throw new Error('a prompt joined a full batch');
    this.#cache.reserve(group.slots.end, this.#groups.length);
    load(this.#cache, this.#groups.length);
    this.#groups.push(group);
  }

  /** Removes a finished prompt; the last one moves into its place. */
  leave(group: Group): void {
    const hole = this.#groups.indexOf(group);
    const last = this.#groups.pop()!;
    if (last === group) return;
    this.#groups[hole] = last;
    const { layers } = this.#model.manifest.architecture;
    this.#cache.copyRow(this.#cache, this.#groups.length, hole, last.slots.end, layers);
  }

  /** One token for every beam of every prompt. */
  async step(): Promise<void> {
    const groups = this.#groups;
    const { attentionWindow } = this.#model.manifest.architecture;
    const placed = groups.map(({ slots }) => slots.place());
    this.#cache.fit(Math.max(...groups.map(({ slots }) => slots.end)), groups.length);
    const output = await this.#model.run(
      BigInt64Array.from(
        groups.flatMap(({ scorer }) => scorer.beams.map(({ tokens }) => BigInt(tokens.at(-1)!))),
      ),
      {
        rows: groups.length,
        queryLength: this.#settings.numBeams,
        positionIds: BigInt64Array.from(groups.flatMap(positionsOf), BigInt),
        mask: this.#mask(),
        ...(attentionWindow && { windowMask: this.#mask(attentionWindow.tokens) }),
        past: this.#cache,
      },
    );
    this.#cache.scatter(output.present, placed);
    const best = await bestCandidates(this.#model, groups, output.hidden, this.#settings.penalty);
    for (const [index, { scorer, slots }] of groups.entries()) {
      scorer.advance(best[index]!);
      if (scorer.isDone) continue;
      slots.follow(
        scorer.beams.map(({ parent }) => parent),
        placed[index]!,
      );
    }
  }

  /**
   * [prompts, 1, beams, capacity + beams]: a beam attends to the whole prompt, its own tokens, and of the new
   * ones its own; of all these, to the last `window`.
   */
  #mask(window = Number.POSITIVE_INFINITY): Float32Array {
    const { numBeams } = this.#settings;
    const width = this.#cache.capacity + numBeams;
    const mask = new Float32Array(this.#groups.length * numBeams * width).fill(Number.NEGATIVE_INFINITY);
    let start = 0;
    for (const { promptIds, slots } of this.#groups) {
      for (const [beam, path] of slots.paths.entries()) {
        const { length } = promptIds;
        const first = firstInWindow(length + path.length, window);
        mask.fill(0, start + Math.min(first, length), start + length);
        for (const place of path.slice(Math.max(0, first - length))) mask[start + place] = 0;
        mask[start + this.#cache.capacity + beam] = 0;
        start += width;
      }
    }
    return mask;
  }
}

/** A beam's newest token comes after the prompt and its other tokens. */
function positionsOf({ promptIds, scorer }: BeamGroup): number[] {
  return scorer.beams.map(({ tokens }) => promptIds.length + tokens.length - 1);
}

/**
 * For each prompt the candidates that its scorer needs, best first.
 * @param hidden [N, D], N: all beams of all prompts
 */
export async function bestCandidates(
  model: FullDepthModel,
  groups: readonly BeamGroup[],
  hidden: Float32Array,
  penalty: number,
): Promise<Candidate[][]> {
  const k = Math.max(...groups.map(({ scorer }) => scorer.candidates));
  const scores = Float32Array.from(groups.flatMap(({ scorer }) => scorer.beams.map(({ score }) => score)));
  const seen = groups.flatMap(({ promptSeen, scorer }) =>
    scorer.beams.map(({ tokens }) => ({ promptSeen, tokens })),
  );
  const best = await model.topTokens({ hidden, scores, seenIds: seenIds(seen), penalty, k });
  let first = 0;
  return groups.map(({ scorer }) => {
    const merged = mergeCandidates(best, first, scorer.beams.length, k);
    first += scorer.beams.length;
    return merged.slice(0, scorer.candidates);
  });
}

/** Candidates of `rows` neighbouring rows [rows, k], best first; of equals the one of the earlier beam. */
export function mergeCandidates(
  { scores, ids }: TopTokens,
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
