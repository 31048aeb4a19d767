/** The ways to get the answers of a model: in process, from a server, from a file. */

import type { SweepConfig } from '../config/sweep-file.ts';
import type { Generation, Instruction } from '../core/domain.ts';
import type { JsonValue } from '../core/json.ts';
import { runJob } from '../worker/run-job.ts';
import type { EndpointModel, RecordedModel } from './foreign-models.ts';
import { completeAll, decodingOf as serverDecoding } from './http/openai.ts';
import type { FolderModel, SweepModel } from './sweep-models.ts';

/** How every source of a sweep answers. */
export interface AnswerSettings {
  readonly config: Pick<SweepConfig, 'generation'>;
  readonly memoryMB?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One instruction for one model, and the exits whose answers are not known yet. */
export interface OpenQuestion<Tag> {
  readonly tag: Tag;
  readonly instruction: Instruction;
  readonly prompt: string;
  readonly exits: readonly number[];
}

export interface Answered<Tag> extends Generation {
  readonly tag: Tag;
  readonly exit: number;
  readonly text: string;
  /** 0 where nobody counted. */
  readonly promptTokens: number;
}

export type Reply<Tag> = Answered<Tag> | { readonly tag: Tag; readonly exit: number; readonly error: string };

/** What the content keys of a model's answers go by, beside the sub-model and the prompt. */
export function decodingOf(
  { config }: Pick<AnswerSettings, 'config'>,
  model: SweepModel,
): { readonly [key: string]: JsonValue } {
  const { maxNewTokens } = config.generation;
  switch (model.source) {
    case 'folder':
      return { strategy: 'greedy', maxNewTokens, eosTokenIds: model.manifest.eosTokenIds };
    case 'endpoint':
      return serverDecoding({ maxNewTokens, extraBody: model.extraBody });
    case 'answers':
      return { strategy: 'recorded' };
    default:
      throw new Error(`Unknown source ${model satisfies never}`);
  }
}

/** Answers in any order, or why there is none. */
export function answersOf<Tag>(
  settings: AnswerSettings,
  model: SweepModel,
  questions: readonly OpenQuestion<Tag>[],
): AsyncGenerator<Reply<Tag>> {
  switch (model.source) {
    case 'folder':
      return folderAnswers(settings, model, questions);
    case 'endpoint':
      return endpointAnswers(settings, model, questions);
    case 'answers':
      return recordedAnswers(model, questions);
    default:
      throw new Error(`Unknown source ${model satisfies never}`);
  }
}

async function* folderAnswers<Tag>(
  { config, memoryMB, signal }: AnswerSettings,
  { folder }: FolderModel,
  questions: readonly OpenQuestion<Tag>[],
): AsyncGenerator<Reply<Tag>> {
  const requests = questions.map(({ prompt, exits }) => ({ prompt, exits }));
  const input = { folder, requests, settings: { ...config.generation, memoryMB } };
  for await (const { request, ...response } of runJob('generate', input, signal)) {
    yield { ...response, tag: questions[request]!.tag };
  }
}

/** Servers one after the other; all exits of one together. */
async function* endpointAnswers<Tag>(
  { config, signal }: AnswerSettings,
  { servers, extraBody }: EndpointModel,
  questions: readonly OpenQuestion<Tag>[],
): AsyncGenerator<Reply<Tag>> {
  const settings = { maxNewTokens: config.generation.maxNewTokens, extraBody };
  const endpoints = new Map([...servers.values()].map(({ endpoint }) => [endpoint.baseUrl, endpoint]));
  for (const endpoint of endpoints.values()) {
    const prompts = questions.flatMap(({ tag, prompt, exits }) =>
      exits
        .filter((exit) => servers.get(exit)!.endpoint.baseUrl === endpoint.baseUrl)
        .map((exit) => ({ tag: { tag, exit }, text: prompt, model: servers.get(exit)!.model })),
    );
    for await (const { tag: asked, ...reply } of completeAll(endpoint, prompts, settings, signal)) {
      if ('error' in reply) yield { ...asked, error: reply.error };
      // A server tells texts, not ids.
      else yield { ...asked, ...reply, tokenIds: [] };
    }
  }
}

async function* recordedAnswers<Tag>(
  { answers }: RecordedModel,
  questions: readonly OpenQuestion<Tag>[],
): AsyncGenerator<Reply<Tag>> {
  for (const { tag, instruction, exits } of questions) {
    for (const exit of exits) {
      const text = answers.get(exit)?.get(instruction.id);
      if (text === undefined) yield { tag, exit, error: 'the file has no answer to this instruction' };
      else yield { tag, exit, text, tokenIds: [], stopReason: 'eos', promptTokens: 0, durationMs: 0 };
    }
  }
}
