import { megabytes } from '../../engine/cache/memory-budget.ts';
import { adaptiveDecoder } from '../../engine/dynamic/adapt.ts';
import { KeptPrompts } from '../../engine/forced/kept-prompts.ts';
import { decodeAsTheyCome } from '../../engine/greedy/decode-queue.ts';
import type { Finished } from '../../engine/greedy/finished.ts';
import { fixedExitDecoder } from '../../engine/greedy/generate.ts';
import { SegmentedModel } from '../../engine/session/segmented-model.ts';
import type { Answered, LaneSettings } from './asked.ts';
import { PromptLine } from './prompt-line.ts';
import { servedOptions } from './served-decoder.ts';
import type { ServedPrompt } from './served-prompt.ts';

/** One continuous batch over a model: prompts join it and leave it between two steps. */
export class Lane {
  readonly line = new PromptLine();
  readonly #settings: LaneSettings;
  readonly #model: SegmentedModel;
  readonly #kept: KeptPrompts;

  private constructor(settings: LaneSettings, model: SegmentedModel) {
    this.#settings = settings;
    this.#model = model;
    this.#kept = new KeptPrompts(model, megabytes(settings.memoryMB));
  }

  static async open(settings: LaneSettings): Promise<Lane> {
    const { folder, threads, adaptive } = settings;
    const open = adaptive === undefined ? SegmentedModel.open : SegmentedModel.openStepwise;
    return new Lane(settings, await open(folder, threads));
  }

  /**
   * Answers as they end, until the line is closed.
   * @throws what the engine throws, for instance for a number that is not finite; then the batch is lost
   */
  async *run(): AsyncGenerator<{ readonly prompt: ServedPrompt; readonly answer: Answered }> {
    for await (const finished of this.#decode()) yield { prompt: finished.tag, answer: answerOf(finished) };
  }

  close(): Promise<void> {
    return this.#model.close();
  }

  #decode(): AsyncGenerator<Finished<ServedPrompt>> {
    const { adaptive, batchSize } = this.#settings;
    const { eosTokenIds, architecture } = this.#model.manifest;
    // Every prompt has limits of its own.
    const settings = { eosTokenIds, batchSize, maxNewTokens: architecture.contextLength };
    if (adaptive !== undefined) {
      const decoder = adaptiveDecoder<ServedPrompt>(this.#model, settings, { threshold: adaptive });
      return decodeAsTheyCome(this.#model, this.line, decoder);
    }
    const decoder = fixedExitDecoder(this.#model, settings, servedOptions(this.#model, this.#kept));
    return decodeAsTheyCome(this.#model, this.line, decoder);
  }
}

/** A prompt that is only read has no tokens; the engine chose one in any case. */
function answerOf({ tag, tokenIds, stopReason, tokenExits }: Finished<ServedPrompt>): Answered {
  const { cachedTokens, promptLogprobs, asked } = tag;
  const wanted = asked.maxNewTokens;
  return {
    tokenIds: tokenIds.slice(0, wanted),
    stopReason: wanted === 0 ? 'token-limit' : stopReason,
    cachedTokens,
    ...(tag.logprobs && { logprobs: tag.logprobs.slice(0, wanted) }),
    ...(promptLogprobs && { promptLogprobs }),
    ...(tokenExits && { tokenExits }),
  };
}
