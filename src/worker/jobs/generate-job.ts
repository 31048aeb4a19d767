import { setImmediate } from 'node:timers/promises';
import type { Depths, Generation } from '../../core/domain.ts';
import type { FormedPrompt } from '../../data/prompts/prompt-form.ts';
import { DEFAULT_MEMORY_MB } from '../../engine/cache/memory-budget.ts';
import { type DynamicSettings, generateAny, isDynamic } from '../../engine/dynamic/generate-any.ts';
import type { DecodingSettings } from '../../engine/greedy/decoding-settings.ts';
import type { Prompt } from '../../engine/greedy/finished.ts';
import { type GeneratedText, generatedText } from '../../engine/greedy/generated-text.ts';
import { SegmentedModel } from '../../engine/session/segmented-model.ts';
import { encodePrompt, openTokenizer } from '../../model/tokenizer/tokenizer.ts';
import { batchDemand, batchNeedsOf, batchNote, fittingBatch } from './batch-needs.ts';
import type { Job } from './job.ts';

export interface GenerateInput {
  /** Model folder. */
  readonly folder: string;
  readonly requests: readonly { readonly prompt: FormedPrompt; readonly exits: readonly number[] }[];
  readonly settings: GenerateSettings;
}

type GenerateSettings = Pick<DecodingSettings, 'maxNewTokens' | 'batchSize' | 'memoryMB'> & {
  /** Default: the model folder's. */
  readonly eosTokenIds?: readonly number[];
  /** How depth is chosen token by token; then exits of requests are not looked at. */
  readonly dynamic?: DynamicSettings | undefined;
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

/** Greedy responses in the order in which they end. */
export const generateJob: Job<GenerateInput, Common, EncodedRequest, GeneratedResponse> = {
  demand: (input) => batchDemand(needsOf(input), input.requests.length),
  async split(input, workers) {
    const { folder, requests, settings } = input;
    const needs = needsOf(input);
    const batchSize = fittingBatch(needs, workers);
    const common = { folder, settings: partOf({ ...settings, batchSize }, workers) };
    return { common, pieces: await encodeAll(folder, requests), note: batchNote(needs, batchSize) };
  },
  async *run({ folder, settings }, { pieces, threads, signal }) {
    const tokenizer = openTokenizer(folder);
    const { dynamic = {}, ...fixed } = settings;
    const model = isDynamic(dynamic)
      ? await SegmentedModel.openStepwise(folder, threads)
      : await SegmentedModel.open(folder, threads);
    try {
      const { eosTokenIds = model.manifest.eosTokenIds } = settings;
      const decoding = { ...fixed, eosTokenIds, ...dynamic };
      for await (const response of generateAny(model, pieces, decoding, signal)) {
        const { tag: request, ...rest } = response;
        const written = generatedText(tokenizer, response);
        yield { ...rest, ...written, request, generatedTokens: rest.tokenIds.length };
      }
    } finally {
      await model.close();
    }
  },
};

function needsOf({ folder, requests, settings }: GenerateInput) {
  const prompts = requests.map(({ prompt }) => prompt.text);
  return batchNeedsOf(folder, prompts, settings);
}

/** A worker's part of the memory. Each has a whole batch, if memory holds it: half of one is slower than two threads. */
function partOf({ memoryMB = DEFAULT_MEMORY_MB, ...settings }: GenerateSettings, workers: number) {
  return { ...settings, memoryMB: memoryMB / workers };
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
