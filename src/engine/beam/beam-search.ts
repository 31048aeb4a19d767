import type { BeamRule } from '../../core/decoding/answer-decoding.ts';
import { BeamSlots } from '../cache/beam-slots.ts';
import { cacheBytes, DEFAULT_MEMORY_MB, megabytes } from '../cache/memory-budget.ts';
import { type CachedPrompt, PrefixCache } from '../cache/prefix-cache.ts';
import { prefillWithPrefixCache } from '../cache/prefix-prefill.ts';
import { type Finished, hasRoom, withoutRoom } from '../greedy/finished.ts';
import { type StopLimits, stopReasonOf } from '../greedy/stop-reason.ts';
import type { FullDepthModel } from '../session/full-depth-model.ts';
import { distinctIds } from '../session/seen-ids.ts';
import { BeamBatch, type BeamGroup, bestCandidates } from './beam-batch.ts';
import { type BeamScorer, createBeamScorer } from './beam-scorer.ts';
import { GreedyScorer } from './greedy-scorer.ts';

export interface BeamSearchSettings extends Pick<StopLimits, 'eosTokenIds' | 'stopWhen'> {
  readonly numBeams: number;
  /** `greedy`: one beam without a penalty, with the model's greedy head; only then `stopWhen` is called. */
  readonly rule: BeamRule | 'greedy';
  /** 1: none; PandaLM uses 1.2. */
  readonly repetitionPenalty: number;
  readonly maxNewTokens: number;
  /** Beams that decode together, over all prompts; changes the speed, never a response. */
  readonly batchSize: number;
  /** For keys and values of prompts that others may share; changes the speed, never a response. */
  readonly memoryMB?: number | undefined;
  /** Prompts that are read together at most; changes the speed, never a response. Default: 32. */
  readonly maxPromptsRead?: number | undefined;
}

export interface BeamPrompt<Tag> {
  readonly tag: Tag;
  readonly ids: readonly number[];
}

/** Where memory allows it. */
const DEFAULT_MAX_PROMPTS_READ = 32;

interface Group<Tag> extends BeamGroup {
  readonly tag: Tag;
  readonly cached: CachedPrompt;
  readonly limits: StopLimits;
  readonly startedAt: number;
}

/**
 * Beam search of many prompts at full depth, as transformers runs it: `num_beams`, `early_stopping=True`,
 * `repetition_penalty`, length penalty 1. Shared prefixes are read once, so neighbouring prompts should be
 * alike. Responses come out in the order in which they end.
 * @throws the signal's reason when it is aborted
 */
export async function* beamSearch<Tag>(
  model: FullDepthModel,
  prompts: Iterable<BeamPrompt<Tag>>,
  settings: BeamSearchSettings,
  signal?: AbortSignal,
): AsyncGenerator<Finished<Tag>> {
  const { architecture } = model.manifest;
  const { numBeams, repetitionPenalty: penalty, batchSize } = settings;
  const { maxPromptsRead = DEFAULT_MAX_PROMPTS_READ } = settings;
  const budgetBytes = megabytes(settings.memoryMB ?? DEFAULT_MEMORY_MB);
  const prefixes = new PrefixCache(architecture, budgetBytes, model.minRows);
  const rows = Math.max(1, Math.floor(batchSize / numBeams));
  const batch = new BeamBatch<Group<Tag>>(model, { prompts: rows, numBeams, penalty });
  const queue = prompts[Symbol.iterator]();
  const waiting: Group<Tag>[] = [];
  let isQueueEmpty = false;
  while (true) {
    signal?.throwIfAborted();
    while (!batch.isFull && waiting.length > 0) join(batch, prefixes, waiting.shift()!);
    if (!batch.isFull && !isQueueEmpty) {
      const wave = takeWave(queue, model, { bytes: budgetBytes / 2, prompts: maxPromptsRead });
      isQueueEmpty = wave.isLast;
      for (const prompt of wave.withoutRoom) yield* withoutRoom({ ...prompt, exits: [architecture.layers] });
      waiting.push(...(await startGroups(model, prefixes, wave.readable, settings)));
      for (const group of removeDone(waiting)) {
        prefixes.release(group.cached);
        yield finish(group, architecture.layers);
      }
      continue;
    }
    if (batch.groups.length === 0) return;
    await batch.step();
    for (const group of batch.groups.filter(({ scorer }) => scorer.isDone)) {
      batch.leave(group);
      yield finish(group, architecture.layers);
    }
  }
}

interface Wave<Tag> {
  readonly readable: readonly BeamPrompt<Tag>[];
  /** Without a token, or without room for a response. */
  readonly withoutRoom: readonly BeamPrompt<Tag>[];
  readonly isLast: boolean;
}

/** The next prompts; at least one, then as many as fit into these bytes if they share nothing. */
function takeWave<Tag>(
  queue: Iterator<BeamPrompt<Tag>>,
  { manifest: { architecture } }: FullDepthModel,
  most: { readonly bytes: number; readonly prompts: number },
): Wave<Tag> {
  const wave = { readable: [] as BeamPrompt<Tag>[], withoutRoom: [] as BeamPrompt<Tag>[] };
  for (let used = 0; wave.readable.length < most.prompts && used < most.bytes; ) {
    const next = queue.next();
    if (next.done) return { ...wave, isLast: true };
    const { ids } = next.value;
    const isReadable = hasRoom(ids, architecture.contextLength);
    (isReadable ? wave.readable : wave.withoutRoom).push(next.value);
    if (isReadable) used += cacheBytes(architecture, ids.length);
  }
  return { ...wave, isLast: false };
}

/** Reads prompts; their first beams are the best first tokens. */
async function startGroups<Tag>(
  model: FullDepthModel,
  prefixes: PrefixCache,
  prompts: readonly BeamPrompt<Tag>[],
  settings: BeamSearchSettings,
): Promise<Group<Tag>[]> {
  if (prompts.length === 0) return [];
  const startedAt = performance.now();
  const { contextLength } = model.manifest.architecture;
  const cached = await prefillWithPrefixCache(
    model,
    prefixes,
    prompts.map(({ ids }) => ids),
  );
  const groups = prompts.map(({ tag, ids }, index) => {
    const limits = limitsOf(settings, ids.length, contextLength);
    return {
      ...{ tag, startedAt, limits, cached: cached[index]!, promptIds: ids },
      promptSeen: distinctIds(ids),
      scorer: scorerOf(settings, limits),
      slots: new BeamSlots(ids.length, settings.numBeams),
    };
  });
  const hidden = stackRows(groups.map((group) => group.cached.path.at(-1)!.hidden));
  const best = await bestCandidates(model, groups, hidden, settings.repetitionPenalty);
  for (const [index, { scorer }] of groups.entries()) scorer.advance(best[index]!);
  return groups;
}

/** To transformers both limits of length are one; a response that reaches both ends with the context. */
function limitsOf(settings: BeamSearchSettings, promptTokens: number, contextLength: number): StopLimits {
  const { rule, eosTokenIds, stopWhen, maxNewTokens } = settings;
  const shared = { eosTokenIds, promptTokens, contextLength };
  return rule === 'greedy' ? { ...shared, stopWhen, maxNewTokens } : shared;
}

function scorerOf(settings: BeamSearchSettings, limits: StopLimits): BeamScorer {
  const { rule, maxNewTokens } = settings;
  if (rule === 'greedy') return new GreedyScorer(limits);
  const { promptTokens: promptLength, contextLength } = limits;
  const maxLength = Math.min(promptLength + maxNewTokens, contextLength);
  return createBeamScorer({ ...settings, rule, promptLength, maxLength });
}

function join<Tag>(batch: BeamBatch<Group<Tag>>, prefixes: PrefixCache, group: Group<Tag>): void {
  batch.join(group, (cache, row) => prefixes.load(group.cached, cache, row));
  prefixes.release(group.cached);
}

/** Removes those that their first token ended. */
function removeDone<Tag>(groups: Group<Tag>[]): Group<Tag>[] {
  const done = groups.filter(({ scorer }) => scorer.isDone);
  groups.splice(0, groups.length, ...groups.filter(({ scorer }) => !scorer.isDone));
  return done;
}

/** N rows [D] → [N, D] */
function stackRows(rows: readonly Float32Array[]): Float32Array {
  const width = rows[0]!.length;
  const stacked = new Float32Array(rows.length * width);
  for (const [index, row] of rows.entries()) stacked.set(row, index * width);
  return stacked;
}

function finish<Tag>({ tag, promptIds, scorer, limits, startedAt }: Group<Tag>, exit: number): Finished<Tag> {
  const { tokens } = scorer.best();
  return {
    tag,
    exit,
    promptTokens: promptIds.length,
    tokenIds: tokens,
    stopReason: stopReasonOf(tokens, limits) ?? 'token-limit',
    durationMs: performance.now() - startedAt,
  };
}
