import { depthOf, headOfExit } from '../../model/folder/manifest.ts';
import { decodeQueue } from '../greedy/decode-queue.ts';
import type { DecodingSettings } from '../greedy/decoding-settings.ts';
import type { Finished, Prompt } from '../greedy/finished.ts';
import { startResponses } from '../greedy/start-responses.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { DraftLength, draftCosts } from './draft-length.ts';
import { DynamicRow } from './dynamic-row.ts';
import { requireDraft, type SpeculativeSettings } from './speculative-settings.ts';
import { UnevenBatch } from './uneven-batch.ts';

/** For this many rows of the batch one prompt may be read ahead. */
const ROWS_PER_PROMPT = 4;

/** A response with the drafts of the round that is under way. */
class SpeculativeRow<Tag> extends DynamicRow<Tag> {
  drafts: number[] = [];
  drafted = 0;
  accepted = 0;
}

/**
 * Greedy decoding at full depth, sooner: an exit drafts tokens, then one stepwise pass through the layers above it
 * verifies them. These layers run on the states that drafting made; a rejected draft is forgotten in every layer.
 * Ids are those of `generate` at the deepest exit, whatever the draft exit, the number of drafts and the batch.
 * @param model opened with `openStepwise`
 * @param prompts whose `exits` are not looked at
 * @throws InputError `unknown-exit`, `bad-option`; the signal's reason when it is aborted
 */
export async function* generateSpeculatively<Tag>(
  model: SegmentedModel,
  prompts: Iterable<Prompt<Tag>>,
  settings: DecodingSettings & { readonly speculative: SpeculativeSettings },
  signal?: AbortSignal,
): AsyncGenerator<Finished<Tag>> {
  const decoder = new SpeculativeDecoder<Tag>(model, settings);
  const limits = { ...settings, rowsPerPrompt: ROWS_PER_PROMPT };
  yield* decodeQueue<Tag, SpeculativeRow<Tag>>(model, prompts, limits, decoder, signal);
}

class SpeculativeDecoder<Tag> {
  readonly #model: SegmentedModel;
  readonly #settings: DecodingSettings & { readonly speculative: SpeculativeSettings };
  readonly #batch: UnevenBatch<SpeculativeRow<Tag>>;
  readonly #draftLengths = new Map<SpeculativeRow<Tag>, DraftLength>();
  readonly #depth: number;

  constructor(
    model: SegmentedModel,
    settings: DecodingSettings & { readonly speculative: SpeculativeSettings },
  ) {
    requireDraft(model.manifest, settings.speculative);
    this.#model = model;
    this.#settings = settings;
    this.#batch = new UnevenBatch(model, settings.batchSize);
    this.#depth = depthOf(model.manifest);
  }

  isFull(): boolean {
    return this.#batch.isFull;
  }

  isEmpty(): boolean {
    return this.#batch.rows.length === 0;
  }

  /** The first tokens come from full depth: a prompt's last token is one token, which nothing could draft. */
  async start(prompts: readonly Prompt<Tag>[]) {
    const atDepth = prompts.map((prompt) => ({ ...prompt, exits: [this.#depth] }));
    const rows: SpeculativeRow<Tag>[] = [];
    const finished: Finished<Tag>[] = [];
    for (const { prompt, prefilled, prefilledRow, startedAt, lastToken } of await startResponses(
      this.#model,
      atDepth,
    )) {
      const place = { cache: prefilled, row: prefilledRow };
      const row = new SpeculativeRow(this.#model, prompt, place, this.#settings, startedAt);
      const stopReason = row.add(lastToken);
      if (stopReason) finished.push(this.#finish(row, stopReason));
      else rows.push(row);
    }
    return { rows, finished };
  }

  join(row: SpeculativeRow<Tag>): void {
    const { draft, tokens } = this.#settings.speculative;
    this.#batch.join(row, row.prefilled.cache, row.prefilled.row);
    const costs = draftCosts(this.#model.manifest.architecture, draft, this.#depth);
    this.#draftLengths.set(row, new DraftLength(costs, tokens));
  }

  /** A round: every row drafts, then all drafts are verified together. */
  async advance(): Promise<Finished<Tag>[]> {
    const rows = [...this.#batch.rows];
    await this.#draft(rows);
    const chosen = await this.#verify(rows);
    return rows.flatMap((row, index) => this.#settle(row, chosen[index]!));
  }

  /** The newest token and each draft run up to the draft exit; the last draft too, unless it ends the response. */
  async #draft(rows: readonly SpeculativeRow<Tag>[]): Promise<void> {
    const wanted = new Map(rows.map((row) => [row, this.#draftsWanted(row)]));
    for (const row of rows) row.drafts = [];
    for (let open = [...rows]; open.length > 0; ) {
      for (const row of open) row.push(row.drafts.at(-1) ?? row.lastToken);
      const states = await this.#runTo(this.#draftSegments, open);
      const drafting = [...open.entries()].filter(([, row]) => row.drafts.length < wanted.get(row)!);
      const tokens = await this.#tokensOf(
        this.#settings.speculative.draft,
        drafting.map(([index]) => states[index]!),
      );
      for (const [place, [, row]] of drafting.entries()) row.drafts.push(tokens[place]!);
      open = drafting
        .map(([, row]) => row)
        .filter((row) => !this.#settings.eosTokenIds.includes(row.drafts.at(-1)!));
    }
  }

  #draftsWanted(row: SpeculativeRow<Tag>): number {
    const { tokens, isFixed } = this.#settings.speculative;
    const length = isFixed ? tokens : this.#draftLengths.get(row)!.next();
    return Math.min(length, row.tokensLeft - 1);
  }

  /** What full depth chooses after each token that ran up to the draft exit. */
  async #verify(rows: readonly SpeculativeRow<Tag>[]): Promise<number[][]> {
    let states: Float32Array[] = [];
    for (let segment = this.#draftSegments; segment < this.#model.manifest.segments.length; segment++) {
      states = await this.#batch.run(segment, rows);
    }
    const tokens = await this.#tokensOf(this.#depth, states);
    const { hiddenSize } = this.#model.manifest.architecture;
    return states.map((own) => tokens.splice(0, own.length / hiddenSize));
  }

  /** Takes over the tokens up to the first that no draft foresaw, and forgets what was drafted beyond. */
  #settle(row: SpeculativeRow<Tag>, chosen: readonly number[]): Finished<Tag>[] {
    const isAccepted = (token: number, index: number) => row.drafts[index] === token;
    const accepted = chosen.findIndex((token, index) => !isAccepted(token, index));
    const taken = accepted < 0 ? chosen : chosen.slice(0, accepted + 1);
    this.#count(row, taken);
    const length = row.length - chosen.length;
    for (const token of taken) {
      const stopReason = row.add(token);
      if (!stopReason) continue;
      this.#batch.leave(row);
      this.#draftLengths.delete(row);
      return [this.#finish(row, stopReason)];
    }
    row.truncate(length + taken.length);
    return [];
  }

  #count(row: SpeculativeRow<Tag>, taken: readonly number[]): void {
    const compared = Math.min(taken.length, row.drafts.length);
    const accepted = taken.filter((token, index) => row.drafts[index] === token).length;
    this.#draftLengths.get(row)!.record(compared, accepted);
    row.drafted += row.drafts.length;
    row.accepted += accepted;
  }

  #finish(row: SpeculativeRow<Tag>, stopReason: Finished<Tag>['stopReason']): Finished<Tag> {
    const { drafted, accepted } = row;
    return { ...row.finish(this.#depth, stopReason), drafts: { drafted, accepted } };
  }

  /** Runs the first segments; for each row its states after the last of them. */
  async #runTo(segments: number, rows: readonly SpeculativeRow<Tag>[]): Promise<Float32Array[]> {
    let states: Float32Array[] = [];
    for (let segment = 0; segment < segments; segment++) states = await this.#batch.run(segment, rows);
    return states;
  }

  get #draftSegments(): number {
    return this.#model.manifest.exits.indexOf(this.#settings.speculative.draft) + 1;
  }

  /** Greedy tokens of an exit after states [n, D] each, one after the other. */
  async #tokensOf(exit: number, states: readonly Float32Array[]): Promise<number[]> {
    if (states.length === 0) return [];
    const joined = new Float32Array(states.reduce((sum, { length }) => sum + length, 0));
    let offset = 0;
    for (const own of states) {
      joined.set(own, offset);
      offset += own.length;
    }
    return this.#model.nextTokens(headOfExit(this.#model.manifest, exit, 'exit').file, joined);
  }
}
