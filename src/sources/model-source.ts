import type { z } from 'zod';
import type { AnswerDecodingOptions } from '../core/decoding/answer-decoding.ts';
import type { Depths, Instruction, Known } from '../core/domain.ts';
import type { JsonValue } from '../core/json.ts';
import type { CameBack } from '../data/answers/answer-of.ts';
import type { FormedPrompt, PromptForm } from '../data/prompts/prompt-form.ts';
import type { WorkerOptions } from '../worker/job-runner.ts';
import type { HashModelOptions } from './hash-model.ts';
import type { ModelFacts } from './model-facts.ts';
import type { AskServers } from './served/open-served.ts';

/** One instruction for one model, and the exits whose responses are still missing. */
export interface GenerationRequest<Tag> {
  /** Comes back with each response. */
  readonly tag: Tag;
  readonly instruction: Instruction;
  readonly prompt: FormedPrompt;
  readonly exits: readonly number[];
}

/** What is missing is not known. */
export interface GeneratedResponse<Tag> extends CameBack, Partial<Known>, Depths {
  readonly tag: Tag;
  readonly exit: number;
  /** The end-of-sequence id included where it was reached. */
  readonly tokenIds?: readonly number[];
}

/** `error`: why there is no response, in a few words; nothing is stored for it. */
export type GenerationReply<Tag> =
  | GeneratedResponse<Tag>
  | { readonly tag: Tag; readonly exit: number; readonly error: string };

export interface GenerationSettings extends AnswerDecodingOptions {
  readonly maxNewTokens: number;
  readonly batchSize: number;
}

export interface RespondSettings {
  readonly generation: GenerationSettings;
  /** For keys and values of prompts, in MB; changes no response. */
  readonly memoryMB?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A model of a sweep, ready to respond, wherever its responses come from. */
export interface SweepModel {
  readonly name: string;
  readonly label: string;
  /** In ascending order. */
  readonly exits: readonly number[];
  /** Of a model elsewhere: what the sweep file says of it. */
  readonly facts?: ModelFacts | undefined;
  /** Content key of each exit. */
  readonly keys: ReadonlyMap<number, string>;
  /** Of its prompts; undefined or missing: Alpaca's. */
  readonly form?: PromptForm | undefined;
  /** Works on another machine, so this one can compute meanwhile. */
  readonly isRemote: boolean;
  /** May leave responses out, which is no error of this program. */
  readonly mayBeIncomplete: boolean;
  /** Settings that change what it responds; part of the content key of every response. */
  decoding(generation: GenerationSettings): { readonly [key: string]: JsonValue };
  /** Replies come in any order; one that failed does not end the others. */
  respond<Tag>(
    requests: readonly GenerationRequest<Tag>[],
    settings: RespondSettings,
  ): AsyncGenerator<GenerationReply<Tag>>;
  /** @throws InputError naming the environment variable of an API key that it needs and does not find */
  requireApiKeys(): void;
}

export interface PrepareOptions extends HashModelOptions, WorkerOptions {
  /** Folder of the results; imported checkpoints lie in it. */
  readonly output: string;
  /** Whether a server is asked where it is known what it said before. Default: it is. */
  readonly servers?: AskServers | undefined;
}

export interface PrepareModelOptions extends PrepareOptions {
  readonly instructions: readonly Instruction[];
  /** Of the whole instruction set, of which `limit` takes the first. Default: all are taken. */
  readonly setSize?: number | undefined;
}

/** A place that the responses of models come from. A new one is a file and a line in `sources.ts`. */
export interface ModelSource<Config> {
  /** The key of a model in the sweep file by which this source is chosen. */
  readonly key: string;
  /** As people name it. */
  readonly title: string;
  readonly schema: z.ZodObject;
  /** The configuration with its paths made absolute. */
  inFolder(config: Config, folder: string): Config;
  /** What of the configuration makes another run; the rest is only about the way to the source. */
  setupOf(config: Config): JsonValue;
  /**
   * Whether the source can answer as the sweep file wants it.
   * @throws InputError `bad-config`
   */
  requireDecoding(name: string, config: Config, generation: AnswerDecodingOptions): void;
  /**
   * The model, and after it those that choose their depth token by token.
   * @throws InputError for whatever does not fit
   */
  prepare(name: string, config: Config, options: PrepareModelOptions): Promise<readonly SweepModel[]>;
}
