import { sha256 } from '../../core/sha256.ts';
import { cacheShapeOf, KvCache } from '../cache/kv-cache.ts';
import { MAX_PASS_TOKENS } from '../session/batches.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { type PrefillResult, prefill } from './prefill.ts';

/** A prompt that was read. */
interface KeptPrompt {
  /** Of the whole prompt, and of each beginning of whole passes. */
  readonly keys: readonly string[];
  /** Segments that it was read through. */
  readonly segments: number;
  /** Its only row has the keys and values of all tokens. */
  readonly cache: KvCache;
  /** For each segment [D], the state of the last token after it. */
  readonly hidden: readonly Float32Array[];
}

export interface KeptRead {
  readonly prompt: Pick<KeptPrompt, 'cache' | 'hidden'>;
  /** Tokens that did not have to be read. */
  readonly cachedTokens: number;
}

/**
 * Keys and values of prompts between one request and the next, within a budget; the least recently used go first. A prompt
 * that comes again, at whatever exit, is not read again; of one that begins alike, the beginning in whole passes of
 * `MAX_PASS_TOKENS` is not. Only there does a read break off: so every state is, bit for bit, that of a first read.
 */
export class KeptPrompts {
  readonly #model: SegmentedModel;
  readonly #budgetBytes: number;
  /** Whole prompts by their key, least recently used first. */
  readonly #prompts = new Map<string, KeptPrompt>();
  /** By the key of a beginning, a prompt that has it. */
  readonly #beginnings = new Map<string, KeptPrompt>();
  #bytes = 0;

  constructor(model: SegmentedModel, budgetBytes: number) {
    this.#model = model;
    this.#budgetBytes = budgetBytes;
  }

  /** Bytes of all that is kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Reads prompts of one length through the first `segments` segments; equal ones once.
   * @throws InputError `bad-checkpoint` for an id beyond the vocabulary
   */
  async read(sequences: readonly (readonly number[])[], segments: number): Promise<KeptRead[]> {
    const read = new Map<string, KeptRead>();
    const unknown = new Map<string, readonly number[]>();
    for (const ids of sequences) {
      const key = this.#keyOf(ids);
      const kept = read.get(key) ?? this.#find(key, ids, segments) ?? (await this.#goOn(ids, segments));
      if (kept) read.set(key, kept);
      else unknown.set(key, ids);
    }
    if (unknown.size > 0) {
      const all = [...unknown.values()];
      const result = await prefill(this.#model, all, { segments, from: all[0]!.length - 1 });
      for (const [row, key] of [...unknown.keys()].entries())
        read.set(key, { prompt: this.keep(all[row]!, result, row), cachedTokens: 0 });
    }
    return sequences.map((ids) => read.get(this.#keyOf(ids))!);
  }

  /**
   * Keeps a prompt that was read.
   * @param row of the result
   */
  keep(ids: readonly number[], { cache, hidden }: PrefillResult, row: number): KeptPrompt {
    const { hiddenSize } = this.#model.manifest.architecture;
    const own = cache.rows === 1 ? cache : this.#copyRow(cache, row, ids.length, hidden.length);
    const last = hidden.map((states) => lastState(states, row, cache.rows, hiddenSize));
    const keys = [this.#keyOf(ids), ...wholePasses(ids.length).map((tokens) => this.#keyOf(ids, tokens))];
    const kept = { keys, segments: hidden.length, cache: own, hidden: last };
    this.#add(kept);
    return kept;
  }

  #copyRow(cache: KvCache, row: number, tokens: number, segments: number): KvCache {
    const { manifest } = this.#model;
    const own = new KvCache(cacheShapeOf(manifest), 1);
    own.reserve(tokens);
    own.copyRow(cache, row, 0, tokens, manifest.segments[segments - 1]!.exit);
    return own;
  }

  #find(key: string, ids: readonly number[], segments: number): KeptRead | undefined {
    const prompt = this.#prompts.get(key);
    if (!prompt || prompt.segments < segments) return undefined;
    this.#prompts.delete(key);
    this.#prompts.set(key, prompt);
    return { prompt, cachedTokens: ids.length };
  }

  /** Reads what comes after the longest beginning that is kept; undefined: none is. */
  async #goOn(ids: readonly number[], segments: number): Promise<KeptRead | undefined> {
    for (const tokens of wholePasses(ids.length - 1).reverse()) {
      const beginning = this.#beginnings.get(this.#keyOf(ids, tokens));
      if (!beginning || beginning.segments < segments) continue;
      const known = { cache: beginning.cache, tokens };
      const result = await prefill(this.#model, [ids], { segments, from: ids.length - 1, known });
      return { prompt: this.keep(ids, result, 0), cachedTokens: tokens };
    }
    return undefined;
  }

  /** Of the first `tokens` ids; prompts of another rotation share nothing. */
  #keyOf(ids: readonly number[], tokens = ids.length): string {
    return sha256(`${this.#model.rotationOf(ids.length)} ${ids.slice(0, tokens).join()}`);
  }

  #add(kept: KeptPrompt): void {
    const [key, ...beginnings] = kept.keys;
    const earlier = this.#prompts.get(key!);
    if (earlier) this.#remove(earlier);
    this.#prompts.set(key!, kept);
    for (const beginning of beginnings) this.#beginnings.set(beginning, kept);
    this.#bytes += bytesOf(kept);
    for (const oldest of this.#prompts.values()) {
      if (this.#bytes <= this.#budgetBytes) return;
      this.#remove(oldest);
    }
  }

  #remove(kept: KeptPrompt): void {
    const [key, ...beginnings] = kept.keys;
    this.#prompts.delete(key!);
    for (const beginning of beginnings)
      if (this.#beginnings.get(beginning) === kept) this.#beginnings.delete(beginning);
    this.#bytes -= bytesOf(kept);
  }
}

/** Tokens of the beginnings of a text of `length` tokens that consist of whole passes. */
function wholePasses(length: number): number[] {
  return Array.from(
    { length: Math.floor(length / MAX_PASS_TOKENS) },
    (_, pass) => (pass + 1) * MAX_PASS_TOKENS,
  );
}

/** Of states [rows, tokens, D], a row's last one. */
function lastState(states: Float32Array, row: number, rows: number, hiddenSize: number): Float32Array {
  const end = ((row + 1) * states.length) / rows;
  return states.slice(end - hiddenSize, end);
}

function bytesOf({ cache, hidden }: KeptPrompt): number {
  return cache.bytes + hidden.reduce((sum, states) => sum + states.byteLength, 0);
}
