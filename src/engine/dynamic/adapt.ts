import { depthOf } from '../../model/folder/manifest.ts';
import { Carrier } from '../carry/carrier.ts';
import { decodeQueue } from '../greedy/decode-queue.ts';
import type { DecodingSettings } from '../greedy/decoding-settings.ts';
import type { Finished, Prompt } from '../greedy/finished.ts';
import type { PromptReader } from '../greedy/start-responses.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { type AdaptiveSettings, confidenceOf, thresholdsOf } from './adaptive-settings.ts';
import { DynamicDecoder } from './dynamic-decoder.ts';
import { DynamicRow } from './dynamic-row.ts';
import { confidentExitTokens } from './exit-tokens.ts';
import { readPrompts } from './read-prompts.ts';

/**
 * Greedy decoding in which each token leaves at the first exit that is confident enough. The layers that it skips
 * are computed when a later token goes deeper, in one stepwise pass: so each token's state is, bit for bit, the one
 * that its exit has when it decodes these tokens alone.
 * @param model opened with `openStepwise`
 * @param prompts whose `exits` are not looked at
 * @throws InputError `unknown-exit`, `bad-option`; the signal's reason when it is aborted
 */
export async function* generateAdaptively<Tag>(
  model: SegmentedModel,
  prompts: Iterable<Prompt<Tag>>,
  { adaptive, ...settings }: DecodingSettings & { readonly adaptive: AdaptiveSettings },
  signal?: AbortSignal,
): AsyncGenerator<Finished<Tag>> {
  const decoder = new AdaptiveDecoder<Tag>(model, settings, adaptive);
  try {
    yield* decodeQueue(model, prompts, decoder.limits, decoder, signal);
  } finally {
    await decoder.close();
  }
}

class AdaptiveRow<Tag> extends DynamicRow<Tag> {
  readonly #exits: number[] = [];

  leave(token: number, exit: number): void {
    this.#exits.push(exit);
    this.add(token);
  }

  override finish(): Finished<Tag> {
    return { ...super.finish(), tokenExits: this.#exits };
  }
}

export class AdaptiveDecoder<Tag> extends DynamicDecoder<Tag, AdaptiveRow<Tag>> {
  readonly #adaptive: AdaptiveSettings;
  readonly #carrier: Carrier | undefined;
  /** By exit; the deepest has the one that every token passes. */
  readonly #thresholds: ReadonlyMap<number, number>;

  constructor(
    model: SegmentedModel,
    settings: DecodingSettings,
    adaptive: AdaptiveSettings,
    read?: PromptReader<Tag>,
  ) {
    super(model, settings, read);
    const { manifest } = model;
    this.#adaptive = adaptive;
    this.#carrier = adaptive.skipped === 'carried' ? new Carrier(model) : undefined;
    this.#thresholds = new Map([...thresholdsOf(manifest, adaptive), [depthOf(manifest), 0]]);
  }

  /** Prompts are read at full depth in any case; their first token may still leave early. */
  protected async read(prompts: readonly Prompt<Tag>[]): Promise<readonly AdaptiveRow<Tag>[]> {
    const { rows, states } = await readPrompts(this.reading, prompts, (start) => new AdaptiveRow(start));
    const places = new Map(rows.map((row, index) => [row, index]));
    await this.#descend(rows, async (segment, open) =>
      open.map((row) => states[segment]![places.get(row)!]!),
    );
    return rows;
  }

  protected async step(rows: readonly AdaptiveRow<Tag>[]): Promise<void> {
    for (const row of rows) row.push(row.lastToken);
    await this.#descend(rows, (segment, open) => this.batch.run(segment, open));
    await this.#carryUp(rows);
  }

  override async close(): Promise<void> {
    await this.#carrier?.close();
  }

  /** Newest tokens get keys and values in the segments that they skipped, in those alone. */
  async #carryUp(rows: readonly AdaptiveRow<Tag>[]): Promise<void> {
    if (!this.#carrier) return;
    for (const segment of this.model.manifest.segments.keys()) {
      const left = rows.filter((row) => segment > 0 && row.waitingAt(segment) > 0);
      if (left.length > 0) await this.batch.carry(segment, left, this.#carrier);
    }
  }

  /**
   * Segment by segment: rows whose exit is confident get their token there, the others go on.
   * @param run gives for each row its states after a segment; the newest token's is the last
   */
  async #descend(
    rows: readonly AdaptiveRow<Tag>[],
    run: (segment: number, open: readonly AdaptiveRow<Tag>[]) => Promise<Float32Array[]>,
  ): Promise<void> {
    let open = rows;
    for (const [segment, { exit }] of this.model.manifest.segments.entries()) {
      if (open.length === 0) return;
      const states = await run(segment, open);
      if (this.#thresholds.has(exit)) open = await this.#leave(exit, open, states);
    }
  }

  /** The rows that go deeper. */
  async #leave(
    exit: number,
    rows: readonly AdaptiveRow<Tag>[],
    states: readonly Float32Array[],
  ): Promise<readonly AdaptiveRow<Tag>[]> {
    const { hiddenSize } = this.model.manifest.architecture;
    const newest = states.map((own) => own.subarray(-hiddenSize));
    const tokens = await confidentExitTokens(this.model, exit, newest);
    const threshold = this.#thresholds.get(exit)!;
    return rows.filter((row, index) => {
      const token = tokens[index]!;
      const goesDeeper = confidenceOf(token, this.#adaptive.confidence) < threshold;
      if (!goesDeeper) row.leave(token.id, exit);
      return goesDeeper;
    });
  }
}
