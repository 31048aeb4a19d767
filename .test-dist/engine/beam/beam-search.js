import { BeamSlots } from '../cache/beam-slots.js';
import { cacheBytes, DEFAULT_MEMORY_MB, megabytes } from '../cache/memory-budget.js';
import { PrefixCache } from '../cache/prefix-cache.js';
import { prefillWithPrefixCache } from '../cache/prefix-prefill.js';
import { hasRoom, withoutRoom } from '../greedy/finished.js';
import { stopReasonOf } from '../greedy/stop-reason.js';
import { BeamBatch, bestCandidates } from './beam-batch.js';
import { createBeamScorer } from './beam-scorer.js';
import { GreedyScorer } from './greedy-scorer.js';
/** Prompts that are read together, where memory allows it. */
const MAX_PROMPTS_READ = 32;
/**
 * Beam search of many prompts at full depth, as transformers runs it: `num_beams`, `early_stopping=True`,
 * `repetition_penalty`, length penalty 1. Shared prefixes are read once, so neighbouring prompts should be alike.
 * Responses come out in the order in which they end.
 * @throws the signal's reason when it is aborted
 */
export async function* beamSearch(model, prompts, settings, signal) {
    const { architecture } = model.manifest;
    const { numBeams, repetitionPenalty: penalty, batchSize } = settings;
    const budgetBytes = megabytes(settings.memoryMB ?? DEFAULT_MEMORY_MB);
    const prefixes = new PrefixCache(architecture, budgetBytes, model.minRows);
    const rows = Math.max(1, Math.floor(batchSize / numBeams));
    const batch = new BeamBatch(model, { prompts: rows, numBeams, penalty });
    const queue = prompts[Symbol.iterator]();
    const waiting = [];
    let isQueueEmpty = false;
    while (true) {
        signal?.throwIfAborted();
        while (!batch.isFull && waiting.length > 0)
            join(batch, prefixes, waiting.shift());
        if (!batch.isFull && !isQueueEmpty) {
            const wave = takeWave(queue, model, budgetBytes / 2);
            isQueueEmpty = wave.isLast;
            for (const prompt of wave.withoutRoom)
                yield* withoutRoom({ ...prompt, exits: [architecture.layers] });
            waiting.push(...(await startGroups(model, prefixes, wave.readable, settings)));
            for (const group of removeDone(waiting)) {
                prefixes.release(group.cached);
                yield finish(group, architecture.layers);
            }
            continue;
        }
        if (batch.groups.length === 0)
            return;
        await batch.step();
        for (const group of batch.groups.filter(({ scorer }) => scorer.isDone)) {
            batch.leave(group);
            yield finish(group, architecture.layers);
        }
    }
}
/** The next prompts; at least one, then as many as fit into this many bytes if they share nothing. */
function takeWave(queue, { manifest: { architecture } }, bytes) {
    const wave = { readable: [], withoutRoom: [] };
    for (let used = 0; wave.readable.length < MAX_PROMPTS_READ && used < bytes;) {
        const next = queue.next();
        if (next.done)
            return { ...wave, isLast: true };
        const { ids } = next.value;
        const isReadable = hasRoom(ids, architecture.contextLength);
        (isReadable ? wave.readable : wave.withoutRoom).push(next.value);
        if (isReadable)
            used += cacheBytes(architecture, ids.length);
    }
    return { ...wave, isLast: false };
}
/** Reads prompts; their first beams are the best first tokens. */
async function startGroups(model, prefixes, prompts, settings) {
    if (prompts.length === 0)
        return [];
    const startedAt = performance.now();
    const { contextLength } = model.manifest.architecture;
    const cached = await prefillWithPrefixCache(model, prefixes, prompts.map(({ ids }) => ids));
    const groups = prompts.map(({ tag, ids }, index) => {
        const limits = limitsOf(settings, ids.length, contextLength);
        return {
            ...{ tag, startedAt, limits, cached: cached[index], promptIds: ids },
            promptSeen: BigInt64Array.from(new Set(ids), BigInt),
            scorer: scorerOf(settings, limits),
            slots: new BeamSlots(ids.length, settings.numBeams),
        };
    });
    const hidden = stackRows(groups.map((group) => group.cached.path.at(-1).hidden));
    const best = await bestCandidates(model, groups, hidden, settings.repetitionPenalty);
    for (const [index, { scorer }] of groups.entries())
        scorer.advance(best[index]);
    return groups;
}
/** To transformers both limits of length are one; a response that reaches both ends with the context. */
function limitsOf(settings, promptTokens, contextLength) {
    const { rule, eosTokenIds, stopWhen, maxNewTokens } = settings;
    const shared = { eosTokenIds, promptTokens, contextLength };
    return rule === 'greedy' ? { ...shared, stopWhen, maxNewTokens } : shared;
}
function scorerOf(settings, limits) {
    const { rule, maxNewTokens } = settings;
    if (rule === 'greedy')
        return new GreedyScorer(limits);
    const { promptTokens: promptLength, contextLength } = limits;
    const maxLength = Math.min(promptLength + maxNewTokens, contextLength);
    return createBeamScorer({ ...settings, rule, promptLength, maxLength });
}
function join(batch, prefixes, group) {
    batch.join(group, (cache, row) => prefixes.load(group.cached, cache, row));
    prefixes.release(group.cached);
}
/** Removes those that their first token ended. */
function removeDone(groups) {
    const done = groups.filter(({ scorer }) => scorer.isDone);
    groups.splice(0, groups.length, ...groups.filter(({ scorer }) => !scorer.isDone));
    return done;
}
/** N rows [D] → [N, D] */
function stackRows(rows) {
    const width = rows[0].length;
    const stacked = new Float32Array(rows.length * width);
    for (const [index, row] of rows.entries())
        stacked.set(row, index * width);
    return stacked;
}
function finish({ tag, promptIds, scorer, limits, startedAt }, exit) {
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
