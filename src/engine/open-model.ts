import type { Generation } from '../core/domain.ts';
import type { Manifest } from '../model/folder/manifest.ts';
import { openTokenizer, type Tokenizer } from '../model/tokenizer/tokenizer.ts';
import { generate, type Prompt } from './greedy/generate.ts';
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

export interface ModelAnswer<Tag> extends Generation {
  readonly tag: Tag;
  readonly exit: number;
  /** Decoded without special tokens. */
  readonly text: string;
  readonly promptTokens: number;
}

export interface AnswerOptions {
  /** Default 256. */
  readonly maxNewTokens?: number;
  /**
   * Rows, one for each prompt and exit, that decode together: changes the speed, never a response. Default
   * 32.
   */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

/** A model folder in memory: one set of weights for every exit. */
export interface OpenModel {
  /** Shape of the network, exits, end-of-sequence ids, precision. */
  readonly manifest: Manifest;
  /**
   * Greedy responses, one for each prompt and exit, in the order in which they end. A prompt is read once for
   * all exits.
   * @throws InputError `unknown-exit`; the signal's reason when it is aborted
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
  const model = await SegmentedModel.open(folder);
  return {
    manifest: model.manifest,
    answer: (questions, options = {}) => respond(model, tokenizer, questions, options),
    close: () => model.close(),
  };
}

async function* respond<Tag>(
  model: SegmentedModel,
  tokenizer: Tokenizer,
  questions: Iterable<ModelQuestion<Tag>>,
  { maxNewTokens = 256, batchSize = 32, signal }: AnswerOptions,
): AsyncGenerator<ModelAnswer<Tag>> {
  const { exits, eosTokenIds } = model.manifest;
  const prompts = encodeAll(tokenizer, questions, exits);
  for await (const finished of generate(model, prompts, { maxNewTokens, batchSize, eosTokenIds }, signal))
    yield { ...finished, text: tokenizer.decode(finished.tokenIds) };
}

/** Lazily: there may be many prompts. */
function* encodeAll<Tag>(
  tokenizer: Tokenizer,
  questions: Iterable<ModelQuestion<Tag>>,
  allExits: readonly number[],
): Generator<Prompt<Tag>> {
  for (const { tag, text, exits = allExits } of questions) yield { tag, ids: tokenizer.encode(text), exits };
}
