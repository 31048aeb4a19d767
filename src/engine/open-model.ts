import type { Depths, Generation } from '../core/domain.ts';
import { InputError } from '../core/errors.ts';
import type { Manifest } from '../model/folder/manifest.ts';
import { openTokenizer, type Tokenizer } from '../model/tokenizer/tokenizer.ts';
import type { AdaptiveSettings } from './dynamic/adaptive-settings.ts';
import { type DynamicSettings, generateAny, isDynamic } from './dynamic/generate-any.ts';
import type { SpeculativeSettings } from './dynamic/speculative-settings.ts';
import type { Prompt } from './greedy/finished.ts';
import { type GeneratedText, generatedText } from './greedy/generated-text.ts';
import { SegmentedModel } from './session/segmented-model.ts';

/** A text to be continued at one or more exits. */
export interface ModelQuestion<Tag> {
  /** Comes back with the responses. */
  readonly tag: Tag;
  /** The whole prompt, template included (`alpacaPrompt`). */
  readonly text: string;
  /** Some of the manifest's `exits`. Default: all. */
  readonly exits?: readonly number[];
}

export type ModelAnswer<Tag> = Generation &
  Depths &
  GeneratedText & {
    readonly tag: Tag;
    readonly exit: number;
    readonly promptTokens: number;
  };

export interface AnswerOptions {
  /** Default 256. */
  readonly maxNewTokens?: number;
  /**
   * Rows, one for each prompt and exit, that decode together: changes the speed, never a response. Default
   * 32.
   */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
  /** Each token leaves at the first exit that is confident enough. */
  readonly adaptive?: AdaptiveSettings;
  /** Responses of the deepest exit, the same ones, sooner: an earlier exit drafts for it. */
  readonly speculative?: SpeculativeSettings;
}

/** A model folder in memory: one set of weights for every exit. */
export interface OpenModel {
  /** Shape of the network, exits, end-of-sequence ids, precision. */
  readonly manifest: Manifest;
  /**
   * Greedy responses, one for each prompt and exit, in the order in which they end. A prompt is read once for
   * all exits. The first dynamic answer (`adaptive`, `speculative`) opens graphs of its own, which hold the weights once more.
   * @throws InputError `unknown-exit`, `bad-option`; the signal's reason when it is aborted
   */
  answer<Tag>(
    questions: Iterable<ModelQuestion<Tag>>,
    options?: AnswerOptions,
  ): AsyncGenerator<ModelAnswer<Tag>>;
  /** Frees the weights. */
  close(): Promise<void>;
}

/**
 * Opens a model folder that `importCheckpoint` made.
 * @throws InputError when model.json, a file that it names or the tokenizer is invalid
 */
export async function openModel(folder: string): Promise<OpenModel> {
  const tokenizer = openTokenizer(folder);
  const plain = await SegmentedModel.open(folder);
  const { manifest } = plain;
  let stepwise: Promise<SegmentedModel> | undefined;
  const openStepwise = () => {
    stepwise ??= SegmentedModel.openStepwise(folder);
    return stepwise;
  };
  return {
    manifest,
    answer: async function* (questions, { maxNewTokens = 256, batchSize = 32, signal, ...dynamic } = {}) {
      const settings = { maxNewTokens, batchSize, eosTokenIds: manifest.eosTokenIds, ...dynamic };
      const prompts = encodeAll(tokenizer, questions, manifest.exits, dynamic);
      const model = isDynamic(dynamic) ? await openStepwise() : plain;
      for await (const finished of generateAny(model, prompts, settings, signal))
        yield { ...finished, ...generatedText(tokenizer, finished) };
    },
    close: async () => {
      await plain.close();
      await (await stepwise)?.close();
    },
  };
}

/** Lazily: there may be many prompts. */
function* encodeAll<Tag>(
  tokenizer: Tokenizer,
  questions: Iterable<ModelQuestion<Tag>>,
  allExits: readonly number[],
  dynamic: DynamicSettings,
): Generator<Prompt<Tag>> {
  for (const { tag, text, exits = allExits } of questions) {
    if (isDynamic(dynamic) && exits !== allExits) throw exitsOfDynamic(exits);
    yield { tag, ids: tokenizer.encode(text), exits };
  }
}

function exitsOfDynamic(exits: readonly number[]): InputError {
  return new InputError({
    code: 'bad-option',
    where: 'exits of a question',
    expected: 'none, since dynamic inference chooses the depth itself',
    found: `[${exits.join(', ')}]`,
    fix: 'Leave `exits` out, or ask at fixed exits without `adaptive` and `speculative` in a call of its own.',
  });
}
