import type { Finished } from '../greedy/finished.ts';
import type { DraftLength } from './draft-length.ts';
import { DynamicRow, type RowStart } from './dynamic-row.ts';

/** A response with the drafts of the round that is under way. */
export class SpeculativeRow<Tag> extends DynamicRow<Tag> {
  readonly #draftLength: DraftLength;
  #drafts: number[] = [];
  #wanted = 0;
  #drafted = 0;
  #accepted = 0;

  constructor(start: RowStart<Tag>, draftLength: DraftLength) {
    super(start);
    this.#draftLength = draftLength;
  }

  /**
   * Begins a round: the newest token waits before the first segment.
   * @param tokens to draft, default: as many as are worth while; fewer near the response's end
   */
  beginRound(tokens = this.#draftLength.next()): void {
    this.#drafts = [];
    this.#wanted = Math.min(tokens, this.tokensLeft - 1);
    this.push(this.lastToken);
  }

  get wantsDraft(): boolean {
    return this.#drafts.length < this.#wanted;
  }

  /** A drafted token waits before the first segment, too, unless it would end the response. */
  draft(token: number): void {
    this.#drafts.push(token);
    if (!this.isEnd(token)) this.push(token);
  }

  /**
   * Takes over the tokens up to the first that no draft foresaw, and forgets what was drafted beyond.
   * @param chosen by full depth after each token of the round
   */
  take(chosen: readonly number[]): void {
    const before = this.length - chosen.length;
    const rejected = chosen.findIndex((token, index) => token !== this.#drafts[index]);
    const taken = rejected < 0 ? chosen : chosen.slice(0, rejected + 1);
    this.#count(taken);
    for (const token of taken) if (!this.stopReason) this.add(token);
    this.truncate(before + taken.length);
  }

  #count(taken: readonly number[]): void {
    const accepted = taken.filter((token, index) => token === this.#drafts[index]).length;
    const drafted = this.#drafts.length;
    this.#draftLength.record({ drafted, compared: Math.min(taken.length, drafted), accepted });
    this.#drafted += drafted;
    this.#accepted += accepted;
  }

  override finish(): Finished<Tag> {
    return { ...super.finish(), drafts: { drafted: this.#drafted, accepted: this.#accepted } };
  }
}
