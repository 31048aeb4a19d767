import { subModelKey } from '../model/content-key.ts';
import { hashFiles } from '../model/hash.ts';
import { openTokenizer, type Tokenizer } from '../model/tokenizer.ts';
import { generate, type Prompt } from '../runtime/generate.ts';
import { Network } from '../runtime/network.ts';
import type { Judge, JudgeDecoding } from './judge.ts';

/** `greedy` writes verdict, reason and reference; `verdict-only` stops after the first line. */
export type LocalDecoding = 'greedy' | 'verdict-only';

export interface LocalJudgeOptions {
  readonly label: string;
  readonly decoding: LocalDecoding;
  readonly maxNewTokens: number;
  readonly batchSize: number;
}

/** PandaLM decodes with 4 beams and a repetition penalty of 1.2; what is done instead is said with every number. */
const DEVIATIONS: Readonly<Record<LocalDecoding, readonly string[]>> = {
  greedy: ['greedy decoding instead of 4 beams with repetition penalty 1.2'],
  'verdict-only': [
    'greedy decoding instead of 4 beams with repetition penalty 1.2',
    'stopped after the verdict: no reason, no reference',
  ],
};

/**
 * A judge that runs in this process: the full depth of a model folder.
 * @throws InputError when the folder does not fit
 */
export async function openLocalJudge(folder: string, options: LocalJudgeOptions): Promise<Judge> {
  const network = await Network.open(folder);
  const manifest = await hashFiles(folder, network.manifest);
  const tokenizer = openTokenizer(folder);
  const exit = manifest.architecture.layers;
  const decoding: JudgeDecoding = {
    strategy: options.decoding,
    maxNewTokens: options.maxNewTokens,
    eosTokenIds: manifest.eosTokenIds,
  };
  return {
    label: options.label,
    key: subModelKey(manifest, exit),
    decoding,
    deviations: DEVIATIONS[options.decoding],
    ask: (prompts, signal) => ask(network, tokenizer, options, exit, prompts, signal),
    close: () => network.close(),
  };
}

async function* ask<Tag>(
  network: Network,
  tokenizer: Tokenizer,
  { decoding, maxNewTokens, batchSize }: LocalJudgeOptions,
  exit: number,
  prompts: Iterable<{ readonly tag: Tag; readonly text: string }>,
  signal?: AbortSignal,
) {
  const settings = {
    maxNewTokens,
    batchSize,
    eosTokenIds: network.manifest.eosTokenIds,
    ...(decoding === 'verdict-only' && {
      stopWhen: (ids: readonly number[]) => isFirstLineOver(tokenizer.decode(ids)),
    }),
  };
  const encoded = encodeAll(tokenizer, exit, prompts);
  for await (const finished of generate(network, encoded, settings, signal)) {
    yield {
      tag: finished.tag,
      rawText: tokenizer.decode(finished.tokenIds),
      stopReason: finished.stopReason,
      promptTokens: finished.promptTokens,
      generatedTokens: finished.tokenIds.length,
      durationMs: finished.durationMs,
    };
  }
}

/** Lazily: tens of thousands of prompts are encoded as they are needed. */
function* encodeAll<Tag>(
  tokenizer: Tokenizer,
  exit: number,
  prompts: Iterable<{ readonly tag: Tag; readonly text: string }>,
): Generator<Prompt<Tag>> {
  for (const { tag, text } of prompts) yield { tag, ids: tokenizer.encode(text), exits: [exit] };
}

/** White space before the first line is skipped when a verdict is parsed, so it does not end the line either. */
function isFirstLineOver(text: string): boolean {
  return text.trimStart().includes('\n');
}
