import { setImmediate } from 'node:timers/promises';
import { type AnswerDecoding, answerDecoding } from '../../core/decoding/answer-decoding.ts';
import type { Depths, Generation } from '../../core/domain.ts';
import type { FormedPrompt } from '../../data/prompts/prompt-form.ts';
import { AnswerEngine, type AnswerSettings } from '../../engine/answer-engine.ts';
import { byExit } from '../../engine/beam/beams-at-exits.ts';
import { DEFAULT_MEMORY_MB } from '../../engine/cache/memory-budget.ts';
import type { DynamicSettings } from '../../engine/dynamic/generate-any.ts';
import type { Prompt } from '../../engine/greedy/finished.ts';
import { type GeneratedText, generatedText } from '../../engine/greedy/generated-text.ts';
import { tokenEnds } from '../../engine/greedy/token-ends.ts';
import { readManifest } from '../../model/folder/read-manifest.ts';
import { encodePrompt, openTokenizer } from '../../model/tokenizer/tokenizer.ts';
import { batchDemand, batchNeedsOf, batchNote, fittingBatch } from './batch-needs.ts';
import type { Job } from './job.ts';

export interface GenerateInput {
  /** Model folder. */
  readonly folder: string;
  readonly requests: readonly { readonly prompt: FormedPrompt; readonly exits: readonly number[] }[];
  readonly settings: GenerateSettings;
}

type GenerateSettings = Pick<AnswerSettings, 'maxNewTokens' | 'batchSize' | 'memoryMB' | 'maxPromptsRead'> & {
  /** Default: the model folder's. */
  readonly eosTokenIds?: readonly number[];
  /** How depth is chosen token by token; then exits of requests are not looked at. */
  readonly dynamic?: DynamicSettings | undefined;
  /** Default: greedy without a penalty. */
  readonly decoding?: AnswerDecoding | undefined;
};
type Common = Pick<GenerateInput, 'folder' | 'settings'>;

/** Tagged with its request's index. */
type EncodedRequest = Prompt<number>;

export type GeneratedResponse = Generation &
  Depths &
  GeneratedText & {
    /** Index in `requests`. */
    readonly request: number;
    readonly exit: number;
    readonly promptTokens: number;
    readonly generatedTokens: number;
  };

/** Responses in the order in which they end. */
export const generateJob: Job<GenerateInput, Common, EncodedRequest, GeneratedResponse> = {
  demand: (input) => batchDemand(needsOf(input), input.requests.length),
  async split(input, workers) {
    const { folder, requests, settings } = input;
    const needs = needsOf(input);
    const batchSize = fittingBatch(needs, workers);
    const encoded = await encodeAll(folder, requests);
    const pieces = settings.decoding?.strategy === 'beams' ? byExit(encoded) : encoded;
    const common = { folder, settings: partOf({ ...settings, batchSize }, workers, pieces.length) };
    return { common, pieces, note: batchNote(needs, batchSize) };
  },
  async *run({ folder, settings }, { pieces, threads, signal }) {
    const tokenizer = openTokenizer(folder);
    const { eosTokenIds } = readManifest(folder);
    const { dynamic = {}, decoding = answerDecoding() } = settings;
    const engine = new AnswerEngine(folder, threads);
    try {
      const all = { eosTokenIds, ...settings, dynamic, decoding };
      for await (const response of engine.answer(pieces, all, signal)) {
        const { tag: request, ...rest } = response;
        const written = generatedText(tokenizer, response);
        const ends = rest.tokenExits && {
          tokenEnds: tokenEnds(tokenizer, rest.tokenIds, written.text ?? ''),
        };
        yield { ...rest, ...written, ...ends, request, generatedTokens: rest.tokenIds.length };
      }
    } finally {
      await engine.close();
    }
  },
};

function needsOf({ folder, requests, settings }: GenerateInput) {
  const prompts = requests.map(({ prompt }) => prompt.text);
  return batchNeedsOf(folder, prompts, settings);
}

/**
 * A worker's part of the memory, and of the prompts that beams read ahead. Each has a whole batch, if memory holds it:
 * half of one is slower than two threads.
 */
function partOf(
  { memoryMB = DEFAULT_MEMORY_MB, ...settings }: GenerateSettings,
  workers: number,
  pieces: number,
) {
  const maxPromptsRead = workers === 1 ? undefined : Math.ceil(pieces / (4 * workers));
  return { ...settings, memoryMB: memoryMB / workers, maxPromptsRead };
}

/**
 * Those of one length are read together. The shortest first: the caches grow slowly, and attention reads all of
 * them.
 */
async function encodeAll(
  folder: string,
  requests: GenerateInput['requests'],
): Promise<readonly EncodedRequest[]> {
  const tokenizer = openTokenizer(folder);
  const encoded: EncodedRequest[] = [];
  for (const [tag, { prompt, exits }] of requests.entries()) {
    encoded.push({ tag, ids: encodePrompt(tokenizer, prompt), exits });
    // This is the main thread: progress and Ctrl-C get their turn.
    if (tag % 64 === 63) await setImmediate();
  }
  return encoded.sort((left, right) => left.ids.length - right.ids.length);
}
