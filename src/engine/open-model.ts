import { type AnswerDecodingOptions, answerDecoding } from '../core/decoding/answer-decoding.ts';
import type { Depths, Generation } from '../core/domain.ts';
import { InputError } from '../core/errors.ts';
import type { Manifest } from '../model/folder/manifest.ts';
import { openTokenizer, type Tokenizer } from '../model/tokenizer/tokenizer.ts';
import { AnswerEngine, type AnswerWays } from './answer-engine.ts';
import { byExit } from './beam/beams-at-exits.ts';
import type { AdaptiveSettings } from './dynamic/adaptive-settings.ts';
import { isDynamic } from './dynamic/generate-any.ts';
import type { SpeculativeSettings } from './dynamic/speculative-settings.ts';
import type { Prompt } from './greedy/finished.ts';
import { type GeneratedText, generatedText } from './greedy/generated-text.ts';

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

export interface AnswerOptions extends AnswerDecodingOptions {
  /** Default 256. */
  readonly maxNewTokens?: number;
  /**
   * Rows, one for each prompt and exit (with beams: for each beam), that decode together: changes the speed, never a response. Default
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
   * Responses, one for each prompt and exit, in the order in which they end. Greedy ones read a prompt once for all
   * exits; beams decode exit after exit. The first answer that is dynamic (`adaptive`, `speculative`) opens graphs that
   * take the place of those before; the first with a repetition penalty opens further heads; beams open and close
   * graphs of their own, which hold the weights once more.
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
  const engine = new AnswerEngine(folder);
  const { manifest } = await engine.open();
  return {
    manifest,
    answer: async function* (questions, { maxNewTokens = 256, batchSize = 32, signal, ...options } = {}) {
      const { adaptive, speculative, ...how } = options;
      const ways = { dynamic: { adaptive, speculative }, decoding: answerDecoding(how) };
      const settings = { maxNewTokens, batchSize, eosTokenIds: manifest.eosTokenIds };
      const prompts = promptsOf(tokenizer, questions, manifest.exits, ways);
      for await (const finished of engine.answer(prompts, { ...settings, ...ways }, signal))
        yield { ...finished, ...generatedText(tokenizer, finished) };
    },
    close: () => engine.close(),
  };
}

/** Beams want those of one exit together. */
function promptsOf<Tag>(
  tokenizer: Tokenizer,
  questions: Iterable<ModelQuestion<Tag>>,
  allExits: readonly number[],
  ways: AnswerWays,
): Iterable<Prompt<Tag>> {
  const encoded = encodeAll(tokenizer, questions, allExits, ways);
  return ways.decoding.strategy === 'beams' ? byExit([...encoded]) : encoded;
}

/** Lazily: there may be many prompts. */
function* encodeAll<Tag>(
  tokenizer: Tokenizer,
  questions: Iterable<ModelQuestion<Tag>>,
  allExits: readonly number[],
  { dynamic }: AnswerWays,
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
