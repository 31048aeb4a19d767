import type { BeamRule } from '../engine/beam/beam-scorer.ts';
import { type BeamPrompt, beamSearch } from '../engine/beam/beam-search.ts';
import type { Finished } from '../engine/greedy/generate.ts';
import { FullDepthModel } from '../engine/session/full-depth-model.ts';
import { hashFiles } from '../model/folder/hash-files.ts';
import { readManifest } from '../model/folder/read-manifest.ts';
import { subModelKey } from '../model/folder/sub-model-key.ts';
import { openTokenizer, type Tokenizer } from '../model/tokenizer/tokenizer.ts';
import { fitPrompt } from './fit-prompt.ts';
import type { Judge, JudgeDecoding, JudgePrompt, JudgeReply } from './judge.ts';

/**
 * `beams` is PandaLM's own way; `greedy` writes verdict, reason and reference too; `verdict-only` stops after the first
 * line.
 */
export type LocalDecoding = 'beams' | 'greedy' | 'verdict-only';

export interface LocalJudgeOptions {
  readonly label: string;
  readonly decoding: LocalDecoding;
  /** How `beams` ranks finished answers: as PandaLM's pinned transformers (default), or as later ones. */
  readonly beamRule?: BeamRule;
  readonly maxNewTokens: number;
  readonly batchSize: number;
  /** For keys and values of what prompts have in common. */
  readonly memoryMB?: number | undefined;
  /** That it may use; as many as there are cores where nothing is said. */
  readonly threads?: number | undefined;
}

/** What PandaLM asks transformers 4.28.1 for (`pandalm_inference.py`). */
const PANDALM_BEAMS = {
  numBeams: 4,
  repetitionPenalty: 1.2,
  rule: 'transformers-4.28',
  maxNewTokens: 512,
} as const;

/**
 * A judge that runs in this process: the full depth of a model folder.
 * @throws InputError when the folder does not fit
 */
export async function openLocalJudge(folder: string, options: LocalJudgeOptions): Promise<Judge> {
  const head = options.decoding === 'beams' ? 'beams' : 'greedy';
  const network = await FullDepthModel.open(folder, head, options.threads);
  const judge = { network, tokenizer: openTokenizer(folder), options };
  return {
    ...(await describeLocalJudge(folder, options)),
    ask: (prompts, signal) => ask(judge, prompts, signal),
    close: () => network.close(),
  };
}

/** What is known of such a judge before it is opened. */
export async function describeLocalJudge(
  folder: string,
  options: LocalJudgeOptions,
): Promise<Pick<Judge, 'label' | 'key' | 'decoding' | 'deviations'>> {
  const manifest = await hashFiles(folder, readManifest(folder));
  return {
    label: options.label,
    key: subModelKey(manifest, manifest.architecture.layers),
    decoding: decodingOf(options, manifest.eosTokenIds),
    deviations: deviationsOf(options),
  };
}

interface OpenJudge {
  readonly network: FullDepthModel;
  readonly tokenizer: Tokenizer;
  readonly options: LocalJudgeOptions;
}

function decodingOf(options: LocalJudgeOptions, eosTokenIds: readonly number[]): JudgeDecoding {
  const { decoding: strategy, maxNewTokens, beamRule = PANDALM_BEAMS.rule } = options;
  if (strategy !== 'beams') return { strategy, maxNewTokens, eosTokenIds };
  const { numBeams, repetitionPenalty } = PANDALM_BEAMS;
  return { strategy, maxNewTokens, eosTokenIds, numBeams, repetitionPenalty, beamRule };
}

/** What is done otherwise than by PandaLM; said with every number. */
function deviationsOf({ decoding, beamRule, maxNewTokens }: LocalJudgeOptions): string[] {
  const { numBeams, repetitionPenalty, rule } = PANDALM_BEAMS;
  const usedRule = beamRule ?? rule;
  const beams = `${numBeams} beams with repetition penalty ${repetitionPenalty}`;
  const isShort = maxNewTokens !== PANDALM_BEAMS.maxNewTokens;
  return [
    ...(decoding === 'beams' ? [] : [`greedy decoding instead of ${beams}`]),
    ...(decoding === 'verdict-only' ? ['stopped after the verdict: no reason, no reference'] : []),
    ...(decoding === 'beams' && usedRule !== rule ? [`beams ranked as in ${usedRule}, not ${rule}`] : []),
    ...(decoding !== 'verdict-only' && isShort ? [`at most ${maxNewTokens} new tokens, not 512`] : []),
  ];
}

async function* ask<Tag>(
  judge: OpenJudge,
  prompts: Iterable<JudgePrompt<Tag>>,
  signal?: AbortSignal,
): AsyncGenerator<JudgeReply<Tag>> {
  for await (const finished of answers(judge, encodeAll(judge, prompts), signal)) {
    const { tag, cutTokens } = finished.tag;
    yield {
      tag,
      rawText: judge.tokenizer.decode(finished.tokenIds),
      stopReason: finished.stopReason,
      promptTokens: finished.promptTokens,
      generatedTokens: finished.tokenIds.length,
      durationMs: finished.durationMs,
      ...(cutTokens > 0 ? { cutTokens } : {}),
    };
  }
}

function answers<Tag>(
  { network, tokenizer, options }: OpenJudge,
  prompts: Iterable<BeamPrompt<Tag>>,
  signal?: AbortSignal,
): AsyncGenerator<Finished<Tag>> {
  const { decoding, beamRule: rule = PANDALM_BEAMS.rule, maxNewTokens, batchSize, memoryMB } = options;
  const { eosTokenIds } = network.manifest;
  const settings = { maxNewTokens, batchSize, memoryMB, eosTokenIds };
  if (decoding === 'beams')
    return beamSearch(network, prompts, { ...PANDALM_BEAMS, ...settings, rule }, signal);
  const greedy = { rule: 'greedy', numBeams: 1, repetitionPenalty: 1 } as const;
  const stopWhen = (ids: readonly number[]) => isFirstLineOver(tokenizer.decode(ids));
  return beamSearch(
    network,
    prompts,
    { ...settings, ...greedy, ...(decoding === 'verdict-only' && { stopWhen }) },
    signal,
  );
}

interface Fitted<Tag> {
  readonly tag: Tag;
  readonly cutTokens: number;
}

/** Lazily: tens of thousands of prompts are encoded as they are needed. */
function* encodeAll<Tag>(
  { network, tokenizer, options }: OpenJudge,
  prompts: Iterable<JudgePrompt<Tag>>,
): Generator<BeamPrompt<Fitted<Tag>>> {
  const { contextLength } = network.manifest.architecture;
  for (const prompt of prompts) {
    const { ids, cutTokens } = fitPrompt(tokenizer, prompt, contextLength - options.maxNewTokens);
    yield { tag: { tag: prompt.tag, cutTokens }, ids };
  }
}

/** White space before the first line is skipped when a verdict is parsed, so it does not end the line either. */
function isFirstLineOver(text: string): boolean {
  return text.trimStart().includes('\n');
}
