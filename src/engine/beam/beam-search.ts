import type { StopReason } from '../../core/domain.ts';
import { BeamSlots } from '../cache/beam-slots.ts';
import { cacheBytes, DEFAULT_MEMORY_MB, megabytes } from '../cache/memory-budget.ts';
import { PromptReader, type ReadPrompt } from '../cache/prefix-prefill.ts';
import { type Finished, unanswerable } from '../greedy/generate.ts';
import type { FullDepthModel } from '../session/full-depth-model.ts';
import { BeamBatch, type BeamGroup, bestContinuations } from './beam-batch.ts';
import { type BeamRule, type BeamScorer, createBeamScorer } from './beam-scorer.ts';
import { GreedyScorer } from './greedy-scorer.ts';

export interface BeamSearchSettings {
  readonly numBeams: number;
  /** `greedy`: one beam without a penalty, with the network's greedy head. */
  readonly rule: BeamRule | 'greedy';
  /** 1: none; PandaLM uses 1.2. */
  readonly repetitionPenalty: number;
  readonly maxNewTokens: number;
  readonly eosTokenIds: readonly number[];
  /** Ends a greedy answer early, e.g. after its first line; asked after every token. */
  readonly stopWhen?: ((tokenIds: readonly number[]) => boolean) | undefined;
  /** Beams that decode together, over all prompts; changes the speed, never an answer. */
  readonly batchSize: number;
  /** For keys and values of prompts that others may share; changes the speed, never an answer. */
  readonly memoryMB?: number | undefined;
}

export interface BeamPrompt<Tag> {
  readonly tag: Tag;
  readonly ids: readonly number[];
}

/** Prompts that are read together, where memory allows it. */
const MAX_PROMPTS_READ = 32;

interface Group<Tag> extends BeamGroup {
  readonly tag: Tag;
  readonly read: ReadPrompt;
  readonly startedAt: number;
}

/**
 * Beam search of many prompts at full depth, as transformers runs it: `num_beams`, `early_stopping=True`,
 * `repetition_penalty`, length penalty 1. What prompts have in common is read once, so neighbours should be alike.
 * Answers come out in the order in which they end.
 * @throws the signal's reason when it is aborted
 */
export async function* beamSearch<Tag>(
  model: FullDepthModel,
  prompts: Iterable<BeamPrompt<Tag>>,
  settings: BeamSearchSettings,
  signal?: AbortSignal,
): AsyncGenerator<Finished<Tag>> {
  const { layers, contextLength } = model.manifest.architecture;
  const { numBeams, repetitionPenalty: penalty, batchSize } = settings;
  const budgetBytes = megabytes(settings.memoryMB ?? DEFAULT_MEMORY_MB);
  const reader = new PromptReader(model, budgetBytes);
  const rows = Math.max(1, Math.floor(batchSize / numBeams));
  const batch = new BeamBatch<Group<Tag>>(model, { prompts: rows, numBeams, penalty });
  const queue = prompts[Symbol.iterator]();
  const waiting: Group<Tag>[] = [];
  let isQueueEmpty = false;
  while (true) {
    signal?.throwIfAborted();
    while (!batch.isFull && waiting.length > 0) join(batch, reader, waiting.shift()!);
    if (!batch.isFull && !isQueueEmpty) {
      const wave = take(queue, model, budgetBytes / 2);
      isQueueEmpty = wave.isLast;
      for (const prompt of wave.unreadable) yield* unanswerable({ ...prompt, exits: [layers] });
      waiting.push(...(await read(model, reader, wave.readable, settings)));
      for (const group of removeDone(waiting)) {
        reader.release(group.read);
        yield finish(group, layers, contextLength);
      }
      continue;
    }
    if (batch.groups.length === 0) return;
    await batch.step();
    for (const group of batch.groups.filter(({ scorer }) => scorer.isDone)) {
      batch.leave(group);
      yield finish(group, layers, contextLength);
    }
  }
}

interface Wave<Tag> {
  readonly readable: readonly BeamPrompt<Tag>[];
  /** Without a token, or without room for an answer. */
  readonly unreadable: readonly BeamPrompt<Tag>[];
  readonly isLast: boolean;
}

/** The next prompts; at least one, then as many as fit into so many bytes if they share nothing. */
function take<Tag>(queue: Iterator<BeamPrompt<Tag>>, model: FullDepthModel, bytes: number): Wave<Tag> {
  const { architecture } = model.manifest;
  const wave = { readable: [] as BeamPrompt<Tag>[], unreadable: [] as BeamPrompt<Tag>[] };
  for (let used = 0; wave.readable.length < MAX_PROMPTS_READ && used < bytes; ) {
    const next = queue.next();
    if (next.done) return { ...wave, isLast: true };
    const { length } = next.value.ids;
    const isReadable = length > 0 && length < architecture.contextLength;
    (isReadable ? wave.readable : wave.unreadable).push(next.value);
    if (isReadable) used += cacheBytes(architecture, length);
  }
  return { ...wave, isLast: false };
}

/** Reads prompts; their first beams are the best first tokens. */
async function read<Tag>(
  model: FullDepthModel,
  reader: PromptReader,
  prompts: readonly BeamPrompt<Tag>[],
  settings: BeamSearchSettings,
): Promise<Group<Tag>[]> {
  if (prompts.length === 0) return [];
  const startedAt = performance.now();
  const { contextLength } = model.manifest.architecture;
  const reads = await reader.read(prompts.map(({ ids }) => ids));
  const groups = prompts.map(({ tag, ids }, index) => ({
    tag,
    read: reads[index]!,
    startedAt,
    promptIds: ids,
    promptSeen: BigInt64Array.from(new Set(ids), BigInt),
    scorer: scorerOf(settings, ids.length, contextLength),
    slots: new BeamSlots(ids.length, settings.numBeams),
  }));
  const hidden = joined(groups.map((group) => group.read.path.at(-1)!.hidden));
  const best = await bestContinuations(model, groups, hidden, settings.repetitionPenalty);
  for (const [index, { scorer }] of groups.entries()) scorer.advance(best[index]!);
  return groups;
}

function scorerOf(settings: BeamSearchSettings, promptLength: number, contextLength: number): BeamScorer {
  const maxLength = Math.min(promptLength + settings.maxNewTokens, contextLength);
  const { rule } = settings;
  if (rule === 'greedy') return new GreedyScorer({ ...settings, promptLength, maxLength });
  return createBeamScorer({ ...settings, rule, promptLength, maxLength });
}

function join<Tag>(batch: BeamBatch<Group<Tag>>, reader: PromptReader, group: Group<Tag>): void {
  batch.join(group, (cache, row) => reader.load(group.read, cache, row));
  reader.release(group.read);
}

/** Takes those out that their first token ended. */
function removeDone<Tag>(groups: Group<Tag>[]): Group<Tag>[] {
  const done = groups.filter(({ scorer }) => scorer.isDone);
  groups.splice(0, groups.length, ...groups.filter(({ scorer }) => !scorer.isDone));
  return done;
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const row of rows) {
    all.set(row, start);
    start += row.length;
  }
  return all;
}

function finish<Tag>(
  { tag, promptIds, scorer, startedAt }: Group<Tag>,
  exit: number,
  contextLength: number,
): Finished<Tag> {
  const { tokens, isFinished, stopReason } = scorer.best();
  const isContextFull = promptIds.length + tokens.length >= contextLength;
  const cutBy: StopReason = isContextFull ? 'context-end' : 'token-limit';
  return {
    tag,
    exit,
    promptTokens: promptIds.length,
    tokenIds: tokens,
    stopReason: stopReason ?? (isFinished ? 'eos' : cutBy),
    durationMs: performance.now() - startedAt,
  };
}
