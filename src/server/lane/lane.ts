import { type DynamicSettings, openDynamicDecoder } from '../../engine/dynamic/generate-any.ts';
import { decodeAsTheyCome } from '../../engine/greedy/decode-queue.ts';
import type { Finished } from '../../engine/greedy/finished.ts';
import { fixedExitDecoder } from '../../engine/greedy/generate.ts';
import type { Answered, LaneSettings } from './asked.ts';
import type { LaneModel } from './lane-model.ts';
import { PromptLine } from './prompt-line.ts';
import { servedOptions } from './served-decoder.ts';
import type { ServedPrompt } from './served-prompt.ts';

/** One continuous batch over a model: prompts join it and leave it between two steps. */
export class Lane {
  readonly line: PromptLine;
  readonly #settings: LaneSettings;
  readonly #open: LaneModel;

  /** @param underWay prompts of this lane that wait or decode */
  constructor(settings: LaneSettings, open: LaneModel, underWay: () => number) {
    this.line = new PromptLine(underWay);
    this.#settings = settings;
    this.#open = open;
  }

  /**
   * Answers as they end, until the line is closed.
   * @throws what the engine throws, for instance for a number that is not finite; then the batch is lost
   */
  async *run(): AsyncGenerator<{ readonly prompt: ServedPrompt; readonly answer: Answered }> {
    const { dynamic } = this.#settings;
    const all = dynamic ? this.#decodeDynamically(dynamic) : this.#decode();
    for await (const finished of all) yield { prompt: finished.tag, answer: answerOf(finished) };
  }

  #decode(): AsyncGenerator<Finished<ServedPrompt>> {
    const { model, kept } = this.#open;
    const decoder = fixedExitDecoder(model, this.#decoding, servedOptions(model, kept));
    return decodeAsTheyCome(model, this.line, decoder);
  }

  async *#decodeDynamically(dynamic: DynamicSettings): AsyncGenerator<Finished<ServedPrompt>> {
    const { model, kept } = this.#open;
    const { read } = servedOptions(model, kept);
    const decoder = openDynamicDecoder<ServedPrompt>(model, this.#decoding, dynamic, read);
    try {
      yield* decodeAsTheyCome(model, this.line, decoder);
    } finally {
      await decoder.close();
    }
  }

  /** Every prompt has limits of its own. */
  get #decoding() {
    const { eosTokenIds, architecture } = this.#open.model.manifest;
    const { batchSize } = this.#settings;
    return { eosTokenIds, batchSize, maxNewTokens: architecture.contextLength };
  }
}

/** A prompt that is only read has no tokens; the engine chose one in any case. */
function answerOf({ tag, tokenIds, stopReason, tokenExits, drafts }: Finished<ServedPrompt>): Answered {
  const { cachedTokens, promptLogprobs, asked } = tag;
  const wanted = asked.maxNewTokens;
  return {
    tokenIds: tokenIds.slice(0, wanted),
    stopReason: wanted === 0 ? 'token-limit' : stopReason,
    cachedTokens,
    ...(tag.logprobs && { logprobs: tag.logprobs.slice(0, wanted) }),
    ...(promptLogprobs && { promptLogprobs }),
    ...(tokenExits && { tokenExits: tokenExits.slice(0, wanted) }),
    ...(drafts && { drafts }),
  };
}
