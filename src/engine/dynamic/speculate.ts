import { depthOf } from '../../model/folder/manifest.ts';
import { decodeQueue } from '../greedy/decode-queue.ts';
import type { DecodingSettings } from '../greedy/decoding-settings.ts';
import type { Finished, Prompt } from '../greedy/finished.ts';
import type { PromptReader } from '../greedy/start-responses.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { type DraftCosts, DraftLength, draftCosts } from './draft-length.ts';
import { DynamicDecoder } from './dynamic-decoder.ts';
import { exitTokens } from './exit-tokens.ts';
import { readPrompts } from './read-prompts.ts';
import { SpeculativeRow } from './speculative-row.ts';
import { requireDraft, type SpeculativeSettings } from './speculative-settings.ts';

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
  { speculative, ...settings }: DecodingSettings & { readonly speculative: SpeculativeSettings },
  signal?: AbortSignal,
): AsyncGenerator<Finished<Tag>> {
  const decoder = new SpeculativeDecoder<Tag>(model, settings, speculative);
  yield* decodeQueue(model, prompts, decoder.limits, decoder, signal);
}

export class SpeculativeDecoder<Tag> extends DynamicDecoder<Tag, SpeculativeRow<Tag>> {
  readonly #speculative: SpeculativeSettings;
  readonly #depth: number;
  readonly #draftSegments: number;
  readonly #costs: DraftCosts;

  constructor(
    model: SegmentedModel,
    settings: DecodingSettings,
    speculative: SpeculativeSettings,
    read?: PromptReader<Tag>,
  ) {
    super(model, settings, read);
    const { manifest } = model;
    requireDraft(manifest, speculative);
    this.#speculative = speculative;
    this.#depth = depthOf(manifest);
    this.#draftSegments = manifest.exits.indexOf(speculative.draft) + 1;
    this.#costs = draftCosts(manifest.architecture, speculative.draft, this.#depth);
  }

  /** The first tokens are full depth's: the prompt is read at full depth anyway. */
  protected async read(prompts: readonly Prompt<Tag>[]): Promise<readonly SpeculativeRow<Tag>[]> {
    const { rows, states } = await readPrompts(this.reading, prompts, (start) => {
      const { length } = start.prompt.ids;
      return new SpeculativeRow(start, new DraftLength(this.#costs, this.#speculative.tokens, length));
    });
    const tokens = await exitTokens(this.model, this.#depth, states.at(-1)!);
    for (const [index, row] of rows.entries()) row.add(tokens[index]!);
    return rows;
  }

  /** A round: every row drafts, then all drafts are verified together. */
  protected async step(rows: readonly SpeculativeRow<Tag>[]): Promise<void> {
    const { tokens, isFixed } = this.#speculative;
    for (const row of rows) row.beginRound(isFixed ? tokens : undefined);
    await this.#draft(rows);
    const chosen = await this.#verify(rows);
    for (const [index, row] of rows.entries()) row.take(chosen[index]!);
  }

  /** Every waiting token runs up to the draft exit; the last draft too, so that a token may follow it. */
  async #draft(rows: readonly SpeculativeRow<Tag>[]): Promise<void> {
    for (let open = rows; open.length > 0; open = open.filter((row) => row.waitingAt(0) > 0)) {
      const states = await this.batch.runThrough(0, this.#draftSegments, open);
      const drafting = [...open.entries()].filter(([, row]) => row.wantsDraft);
      const own = drafting.map(([index]) => states[index]!);
      const tokens = await exitTokens(this.model, this.#speculative.draft, own);
      for (const [place, [, row]] of drafting.entries()) row.draft(tokens[place]!);
    }
  }

  /** What full depth chooses after each token that ran up to the draft exit. */
  async #verify(rows: readonly SpeculativeRow<Tag>[]): Promise<number[][]> {
    const { segments, architecture } = this.model.manifest;
    const states = await this.batch.runThrough(this.#draftSegments, segments.length, rows);
    const tokens = await exitTokens(this.model, this.#depth, states);
    return states.map((own) => tokens.splice(0, own.length / architecture.hiddenSize));
  }
}
