import type { StopReason } from '../domain.ts';
import { BeamBatch, type BeamGroup, mergeCandidates, seenIds } from './beam-batch.ts';
import type { BeamNetwork } from './beam-network.ts';
import { type BeamRule, createBeamScorer } from './beam-scorer.ts';
import { forward } from './forward.ts';
import type { Finished } from './generate.ts';
import type { KvCache } from './kv-cache.ts';
import type { Network } from './network.ts';

export interface BeamSearchSettings {
  readonly numBeams: number;
  readonly rule: BeamRule;
  /** 1: none; PandaLM uses 1.2. */
  readonly repetitionPenalty: number;
  readonly maxNewTokens: number;
  readonly eosTokenIds: readonly number[];
  /** Beams that decode together, over all prompts; changes the speed, never an answer. */
  readonly batchSize: number;
}

interface Group<Tag> extends BeamGroup {
  readonly tag: Tag;
  readonly startedAt: number;
}

/**
 * Beam search of many prompts at full depth, as transformers runs it: `num_beams`, `early_stopping=True`,
 * `repetition_penalty`, length penalty 1. Answers come out in the order in which they end.
 * @param network for the prompts, which go through it once
 * @param beamNetwork of the same folder, for the beams
 * @throws the signal's reason when it is aborted
 */
export async function* beamSearch<Tag>(
  network: Network,
  beamNetwork: BeamNetwork,
  prompts: Iterable<{ readonly tag: Tag; readonly ids: readonly number[] }>,
  settings: BeamSearchSettings,
  signal?: AbortSignal,
): AsyncGenerator<Finished<Tag>> {
  const { architecture } = network.manifest;
  const batch = new BeamBatch<Group<Tag>>(beamNetwork, architecture, {
    prompts: Math.max(1, Math.floor(settings.batchSize / settings.numBeams)),
    numBeams: settings.numBeams,
    penalty: settings.repetitionPenalty,
  });
  const queue = prompts[Symbol.iterator]();
  let next = queue.next();
  while (!next.done || batch.groups.length > 0) {
    signal?.throwIfAborted();
    if (!next.done && !batch.isFull) {
      const { tag, ids } = next.value;
      next = queue.next();
      if (ids.length >= architecture.contextLength) {
        yield unanswerable(tag, ids.length, architecture.layers);
        continue;
      }
      const { group, cache } = await prefill(network, beamNetwork, tag, ids, settings);
      if (group.scorer.isDone) yield finish(group, architecture.layers, architecture.contextLength);
      else batch.join(group, cache);
      continue;
    }
    await batch.step();
    for (const group of batch.groups.filter(({ scorer }) => scorer.isDone)) {
      batch.leave(group);
      yield finish(group, architecture.layers, architecture.contextLength);
    }
  }
}

/** Reads the prompt once; its first beams are the best first tokens. */
async function prefill<Tag>(
  network: Network,
  beamNetwork: BeamNetwork,
  tag: Tag,
  ids: readonly number[],
  settings: BeamSearchSettings,
): Promise<{ group: Group<Tag>; cache: KvCache }> {
  const startedAt = performance.now();
  const { architecture, segments } = network.manifest;
  const { cache, hidden } = await forward(network, ids, { segments: segments.length, from: ids.length - 1 });
  const { numBeams, rule, eosTokenIds, maxNewTokens, repetitionPenalty: penalty } = settings;
  const maxLength = Math.min(ids.length + maxNewTokens, architecture.contextLength);
  const scorer = createBeamScorer({ numBeams, rule, eosTokenIds, promptLength: ids.length, maxLength });
  const k = scorer.candidates;
  const best = await beamNetwork.continuations({
    hidden: hidden.at(-1)!,
    scores: Float32Array.of(0),
    seenIds: seenIds([ids]),
    penalty,
    k,
  });
  scorer.advance(mergeCandidates(best, 0, 1, k));
  return { group: { tag, promptIds: ids, scorer, startedAt }, cache };
}

function finish<Tag>(
  { tag, promptIds, scorer, startedAt }: Group<Tag>,
  exit: number,
  contextLength: number,
): Finished<Tag> {
  const { tokens, isFinished } = scorer.best();
  const isContextFull = promptIds.length + tokens.length >= contextLength;
  const cutBy: StopReason = isContextFull ? 'context-end' : 'token-limit';
  return {
    tag,
    exit,
    promptTokens: promptIds.length,
    tokenIds: tokens,
    stopReason: isFinished ? 'eos' : cutBy,
    durationMs: performance.now() - startedAt,
  };
}

function unanswerable<Tag>(tag: Tag, promptTokens: number, exit: number): Finished<Tag> {
  return { tag, exit, promptTokens, tokenIds: [], stopReason: 'context-end', durationMs: 0 };
}
