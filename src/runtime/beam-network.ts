import { join } from 'node:path';
import { prefixKey, prefixValue } from '../model/beam-graphs.ts';
import { newKey, newValue, pastKey, pastValue } from '../model/decoder-layer.ts';
import { LOGIT_SUM } from '../model/head-graphs.ts';
import type { Manifest } from '../model/manifest.ts';
import { readManifest } from '../model/read-manifest.ts';
import type { KvCache } from './kv-cache.ts';
import { requireFinite } from './require-finite.ts';
import { type RopeTables, ropeTables } from './rope.ts';
import { type FloatTensor, type IntTensor, openSession, type Session } from './session.ts';

/** One decode step of P prompts with R beams each; row p · R + r is beam r of prompt p. */
export interface BeamStep {
  readonly prompts: number;
  readonly beams: number;
  /** int64 [P · R, 1] */
  readonly inputIds: BigInt64Array;
  /** int64 [P · R, 1] */
  readonly positionIds: BigInt64Array;
  /** [P, R, 1, 1, 1, prefix capacity + own capacity + 1], 0 or −∞ */
  readonly mask: Float32Array;
  /** The prompts' keys and values: its first P rows. */
  readonly prefixes: KvCache;
  /** The beams' own: its first P · R rows; the step's keys and values are appended here. */
  readonly own: KvCache;
  /** Tokens that each row of `own` holds before the step, [P · R]. */
  readonly lengths: readonly number[];
}

export interface HeadInput {
  /** [N, D] */
  readonly hidden: Float32Array;
  /** int64 [N, L] */
  readonly seenIds: BigInt64Array;
  /** [N] */
  readonly scores: Float32Array;
  readonly penalty: number;
  /** Continuations wanted of each row. */
  readonly k: number;
}

/** The sessions of a model folder's beam search graphs. */
export class BeamNetwork {
  readonly #architecture: Manifest['architecture'];
  readonly #layers: Session;
  readonly #head: Session;
  readonly #headFile: string;
  readonly #rope: RopeTables;

  private constructor(
    architecture: Manifest['architecture'],
    layers: Session,
    head: Session,
    headFile: string,
  ) {
    this.#architecture = architecture;
    this.#layers = layers;
    this.#head = head;
    this.#headFile = headFile;
    this.#rope = ropeTables(architecture);
  }

  static async open(folder: string): Promise<BeamNetwork> {
    const { architecture, beams } = readManifest(folder);
    const layers = await openSession(join(folder, beams.layers));
    const headFile = join(folder, beams.head);
    return new BeamNetwork(architecture, layers, await openSession(headFile), headFile);
  }

  async close(): Promise<void> {
    await this.#layers.close();
    await this.#head.close();
  }

  /** Runs all layers, appends to the beams' caches and returns the hidden states [P · R, D]. */
  async step(step: BeamStep): Promise<Float32Array> {
    const layers = Array.from({ length: this.#architecture.layers }, (_, layer) => layer);
    const outputs = ['hidden_out', ...layers.flatMap((layer) => [newKey(layer), newValue(layer)])];
    const results = await this.#layers.run(this.#feeds(step, layers), outputs);
    const floats = (name: string) => results[name]!.data as Float32Array;
    for (const layer of layers) {
      const fresh = { keys: floats(newKey(layer)), values: floats(newValue(layer)) };
      for (const [row, length] of step.lengths.entries()) step.own.append(layer, row, length, fresh, row, 1);
    }
    return floats('hidden_out');
  }

  /**
   * The k best continuations of each row, best first: scores [N, k] and token ids [N, k].
   * @throws InputError `bad-checkpoint` where a logit is not finite
   */
  async continuations(input: HeadInput): Promise<{ scores: Float32Array; ids: number[] }> {
    const rows = input.scores.length;
    const feeds = {
      hidden: { data: input.hidden, shape: [rows, this.#architecture.hiddenSize] },
      seen_ids: { data: input.seenIds, shape: [rows, input.seenIds.length / rows] },
      beam_scores: { data: input.scores, shape: [rows, 1] },
      penalty: { data: Float32Array.of(input.penalty), shape: [1] },
      k: { data: BigInt64Array.of(BigInt(input.k)), shape: [1] },
    };
    const outputs = ['top_scores', 'top_ids', LOGIT_SUM] as const;
    const { top_scores, top_ids, logit_sum } = await this.#head.run(feeds, outputs);
    requireFinite(logit_sum.data as Float32Array, this.#headFile);
    return {
      scores: top_scores.data as Float32Array,
      ids: Array.from(top_ids.data as BigInt64Array, Number),
    };
  }

  #feeds(step: BeamStep, layers: readonly number[]): Record<string, FloatTensor | IntTensor> {
    const { headDim, contextLength, kvHeads } = this.#architecture;
    const { prompts: P, beams: R, prefixes, own } = step;
    const table = [contextLength, headDim / 2];
    const feeds: Record<string, FloatTensor | IntTensor> = {
      input_ids: { data: step.inputIds, shape: [P * R, 1] },
      position_ids: { data: step.positionIds, shape: [P * R, 1] },
      cos: { data: this.#rope.cos, shape: table },
      sin: { data: this.#rope.sin, shape: table },
      mask: { data: step.mask, shape: [P, R, 1, 1, 1, prefixes.capacity + own.capacity + 1] },
    };
    for (const layer of layers) {
      const prefix = prefixes.view(layer, P);
      const past = own.view(layer, P * R);
      const prefixShape = [P, 1, kvHeads, 1, prefixes.capacity, headDim];
      const pastShape = [P, R, kvHeads, 1, own.capacity, headDim];
      feeds[prefixKey(layer)] = { data: prefix.keys, shape: prefixShape };
      feeds[prefixValue(layer)] = { data: prefix.values, shape: prefixShape };
      feeds[pastKey(layer)] = { data: past.keys, shape: pastShape };
      feeds[pastValue(layer)] = { data: past.values, shape: pastShape };
    }
    return feeds;
  }
}
