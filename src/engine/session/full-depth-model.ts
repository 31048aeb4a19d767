import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { headOfExit, type Manifest } from '../../model/folder/manifest.ts';
import { readManifest } from '../../model/folder/read-manifest.ts';
import { LOGIT_SUM } from '../../model/graphs/head-graphs.ts';
import { presentKey, presentValue } from '../../model/graphs/layer-signature.ts';
import type { LayerCache } from '../cache/kv-cache.ts';
import { requireFinite } from './require-finite.ts';
import { requireIds } from './require-ids.ts';
import { type RopeTables, ropeOfPrompt, ropeTables } from './rope.ts';
import { type Inputs, openSession, type Session } from './session.ts';
import { type StepInput, stepFeeds } from './step-input.ts';

/** Which head chooses tokens: the one of beam search, or the exits' own, which takes the largest logit. */
export type HeadChoice = 'beams' | 'greedy';

export interface FullDepthOutput {
  /** [rows, step, D] */
  readonly hidden: Float32Array;
  /** For each layer [rows, kvH, step, headDim]. */
  readonly present: readonly LayerCache[];
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

export interface Continuations {
  /** [N, k], falling in each row */
  readonly scores: Float32Array;
  /** [N, k] */
  readonly ids: readonly number[];
}

/** The two sessions of a model folder at full depth: all layers, which read prompts too, and one head. */
export class FullDepthModel {
  readonly manifest: Manifest;
  /**
   * Rows that a cache must have. With fewer products than threads ONNX Runtime cuts up the single product, which then adds
   * up in another order: a result would depend on how many rows it was computed with.
   */
  readonly minRows: number;
  readonly #folder: string;
  readonly #layers: Session;
  readonly #head: Session;
  readonly #choice: HeadChoice;
  readonly #rope: RopeTables;

  private constructor(
    folder: string,
    manifest: Manifest,
    layers: Session,
    head: Session,
    choice: HeadChoice,
    threads: number,
  ) {
    this.manifest = manifest;
    this.minRows = Math.ceil(threads / manifest.architecture.kvHeads);
    this.#folder = folder;
    this.#layers = layers;
    this.#head = head;
    this.#choice = choice;
    this.#rope = ropeTables(manifest.architecture);
  }

  /**
   * @param threads that a run may use; as many as there are cores where nothing is said
   * @throws InputError when model.json or a file that it names does not fit
   */
  static async open(folder: string, choice: HeadChoice = 'beams', threads?: number): Promise<FullDepthModel> {
    const manifest = readManifest(folder);
    const layers = await openSession(join(folder, manifest.beams.layers), threads);
    const head = await openSession(join(folder, headFileOf(manifest, choice)), threads);
    return new FullDepthModel(folder, manifest, layers, head, choice, threads ?? availableParallelism());
  }

  async close(): Promise<void> {
    await this.#layers.close();
    await this.#head.close();
  }

  /**
   * Runs all layers.
   * @param inputIds int64 [rows, step]
   * @throws InputError `bad-checkpoint` for an id beyond the vocabulary
   */
  async run(inputIds: BigInt64Array, step: StepInput): Promise<FullDepthOutput> {
    const { layers: count, vocabSize, hiddenSize } = this.manifest.architecture;
    requireIds(inputIds, vocabSize, this.#folder);
    const layers = Array.from({ length: count }, (_, layer) => layer);
    const outputs = ['hidden_out', ...layers.flatMap((layer) => [presentKey(layer), presentValue(layer)])];
    const rows = Math.max(step.rows, this.minRows);
    const results = await this.#layers.run(this.#feeds(inputIds, step, layers, rows), outputs);
    const floats = (name: string) => results[name]!.data as Float32Array;
    return {
      hidden: floats('hidden_out').subarray(0, step.rows * step.step * hiddenSize),
      present: layers.map((layer) => ({
        keys: floats(presentKey(layer)),
        values: floats(presentValue(layer)),
      })),
    };
  }

  /**
   * The k best continuations of each row, best first. The greedy head gives one, and no score.
   * @throws InputError `bad-checkpoint` where a logit is not finite
   */
  async continuations(input: HeadInput): Promise<Continuations> {
    return this.#choice === 'greedy' ? this.#largest(input) : this.#best(input);
  }

  /** Rotary tables of a prompt of that many tokens, where they differ from those of decoded ones. */
  ropeOf(promptTokens: number): RopeTables {
    return ropeOfPrompt(this.manifest.architecture, promptTokens, this.#rope);
  }

  async #largest({ hidden, scores }: HeadInput): Promise<Continuations> {
    const { hiddenSize } = this.manifest.architecture;
    const feeds = { hidden: { data: hidden, shape: [scores.length, hiddenSize] } };
    const { next_token, logit_sum } = await this.#head.run(feeds, ['next_token', LOGIT_SUM]);
    this.#requireFinite(logit_sum.data as Float32Array);
    return { scores, ids: Array.from(next_token.data as BigInt64Array, Number) };
  }

  async #best(input: HeadInput): Promise<Continuations> {
    const rows = input.scores.length;
    const feeds = {
      hidden: { data: input.hidden, shape: [rows, this.manifest.architecture.hiddenSize] },
      seen_ids: { data: input.seenIds, shape: [rows, input.seenIds.length / rows] },
      beam_scores: { data: input.scores, shape: [rows, 1] },
      penalty: { data: Float32Array.of(input.penalty), shape: [1] },
      k: { data: BigInt64Array.of(BigInt(input.k)), shape: [1] },
    };
    const outputs = ['top_scores', 'top_ids', LOGIT_SUM] as const;
    const { top_scores, top_ids, logit_sum } = await this.#head.run(feeds, outputs);
    this.#requireFinite(logit_sum.data as Float32Array);
    return {
      scores: top_scores.data as Float32Array,
      ids: Array.from(top_ids.data as BigInt64Array, Number),
    };
  }

  #requireFinite(logitSums: Float32Array): void {
    requireFinite(logitSums, join(this.#folder, headFileOf(this.manifest, this.#choice)));
  }

  /** Rows after the step's own are there for their number alone. */
  #feeds(inputIds: BigInt64Array, step: StepInput, layers: readonly number[], rows: number): Inputs {
    const { step: S, cache, rope = this.#rope } = step;
    const filled = {
      ...{ rows, step: S, cache, rope },
      positionIds: filledUp(step.positionIds, rows * S),
      mask: filledUp(step.mask, rows * S * (cache.capacity + S)),
    };
    const feeds = stepFeeds(this.manifest.architecture, layers, filled);
    feeds['input_ids'] = { data: filledUp(inputIds, rows * S), shape: [rows, S] };
    return feeds;
  }
}

/** With zeros. */
function filledUp<Values extends BigInt64Array | Float32Array>(values: Values, length: number): Values {
  if (values.length === length) return values;
  const filled = values instanceof BigInt64Array ? new BigInt64Array(length) : new Float32Array(length);
  filled.set(values as never);
  return filled as Values;
}

function headFileOf(manifest: Manifest, choice: HeadChoice): string {
  if (choice === 'beams') return manifest.beams.head;
  return headOfExit(manifest, manifest.architecture.layers, 'the last exit').file;
}
