import type { BeamDecoding } from '../core/decoding/answer-decoding.ts';
import type { StopReason } from '../core/domain.ts';
import type { PromptParts } from '../data/prompt-parts.ts';
import { truncatePrompt } from '../data/truncate-prompt.ts';
import { openTokenizer, type Tokenizer } from '../model/tokenizer/tokenizer.ts';
import { type BeamPrompt, type BeamSearchSettings, beamSearch } from './beam/beam-search.ts';
import { isFirstLineOver } from './greedy/first-line.ts';
import { type GeneratedText, generatedText } from './greedy/generated-text.ts';
import { FullDepthModel } from './session/full-depth-model.ts';

/** How the full depth of a model writes a text. */
export type CompletionDecoding =
  | BeamDecoding
  | {
      readonly strategy: 'greedy';
      /** Stop at the first line break after any text; white space before that text does not end the line. */
      readonly stopAfterFirstLine?: boolean;
    };

/** Plain data, since it crosses between threads. */
export interface CompletionSettings {
  readonly decoding: CompletionDecoding;
  readonly maxNewTokens: number;
  /** Beams that decode together, over all prompts; changes the speed, never a text. */
  readonly batchSize: number;
  /** For keys and values of what prompts have in common; changes the speed, never a text. */
  readonly memoryMB?: number | undefined;
  /** Threads of one run. Default: one per core. */
  readonly threads?: number | undefined;
  /** Prompts that are read together; changes the speed, never a text. Default: by memory alone. */
  readonly maxPromptsRead?: number | undefined;
}

export interface CompletionPrompt<Tag> {
  /** Comes back with the completion. */
  readonly tag: Tag;
  readonly text: string;
  /**
   * What the text is made of, so that one too long for the context can be shortened; without it the text
   * stays whole.
   */
  readonly parts?: PromptParts | undefined;
}

export type Completion<Tag> = CompletionFacts<Tag> & GeneratedText;

interface CompletionFacts<Tag> {
  readonly tag: Tag;
  readonly stopReason: StopReason;
  readonly promptTokens: number;
  readonly generatedTokens: number;
  /** Wall time from the first prefill token to the last id; other prompts share the machine meanwhile. */
  readonly durationMs: number;
  /**
   * Tokens of the prompt's parts that did not fit into the context beside `maxNewTokens`; missing where all
   * did.
   */
  readonly truncatedTokens?: number;
}

/** A model folder at full depth, in memory, that turns prompts into texts, whatever the texts are for. */
export interface FolderCompleter {
  /**
   * Completions in the order in which they end. Neighbours should begin alike: a shared prefix is read once.
   * @throws InputError `bad-checkpoint` when a logit is not finite; the signal's reason when it is aborted
   */
  complete<Tag>(
    prompts: Iterable<CompletionPrompt<Tag>>,
    signal?: AbortSignal,
  ): AsyncGenerator<Completion<Tag>>;
  /** Frees the weights. */
  close(): Promise<void>;
}

/** @throws InputError when model.json, a file that it names or the tokenizer does not fit */
export async function openCompleter(folder: string, settings: CompletionSettings): Promise<FolderCompleter> {
  const { strategy } = settings.decoding;
  const tokenizer = openTokenizer(folder);
  const model = await FullDepthModel.open(folder, strategy, settings.threads);
  return {
    complete: (prompts, signal) => complete(model, tokenizer, prompts, settings, signal),
    close: () => model.close(),
  };
}

async function* complete<Tag>(
  model: FullDepthModel,
  tokenizer: Tokenizer,
  prompts: Iterable<CompletionPrompt<Tag>>,
  settings: CompletionSettings,
  signal?: AbortSignal,
): AsyncGenerator<Completion<Tag>> {
  const search = searchSettings(model, tokenizer, settings);
  const room = model.manifest.architecture.contextLength - settings.maxNewTokens;
  const encoded = encodeAll(tokenizer, prompts, room);
  for await (const finished of beamSearch(model, encoded, search, signal)) {
    const { tag: prompt, tokenIds, stopReason, promptTokens, durationMs } = finished;
    const written = generatedText(tokenizer, finished);
    yield { ...prompt, ...written, stopReason, promptTokens, generatedTokens: tokenIds.length, durationMs };
  }
}

function searchSettings(
  { manifest }: FullDepthModel,
  tokenizer: Tokenizer,
  { decoding, maxNewTokens, batchSize, memoryMB, maxPromptsRead }: CompletionSettings,
): BeamSearchSettings {
  const { eosTokenIds } = manifest;
  const shared = { maxNewTokens, batchSize, memoryMB, maxPromptsRead, eosTokenIds };
  if (decoding.strategy === 'beams') {
    const { numBeams, repetitionPenalty, rule } = decoding;
    return { ...shared, numBeams, repetitionPenalty, rule };
  }
  const stopWhen = (ids: readonly number[]) => isFirstLineOver(tokenizer.decode(ids));
  const greedy = { rule: 'greedy', numBeams: 1, repetitionPenalty: 1 } as const;
  return { ...shared, ...greedy, ...(decoding.stopAfterFirstLine && { stopWhen }) };
}

interface EncodedTag<Tag> {
  readonly tag: Tag;
  readonly truncatedTokens?: number;
}

/** Lazily: tens of thousands of prompts are encoded as they are needed. */
function* encodeAll<Tag>(
  tokenizer: Tokenizer,
  prompts: Iterable<CompletionPrompt<Tag>>,
  room: number,
): Generator<BeamPrompt<EncodedTag<Tag>>> {
  for (const prompt of prompts) {
    const { ids, truncatedTokens } = truncatePrompt(tokenizer, prompt, room);
    yield { tag: { tag: prompt.tag, ...(truncatedTokens > 0 && { truncatedTokens }) }, ids };
  }
}
