import { join } from 'node:path';
import type { Manifest } from '../../model/folder/manifest.ts';
import { readManifest } from '../../model/folder/read-manifest.ts';
import { LOGIT_SUM } from '../../model/graphs/head-graphs.ts';
import { presentKey, presentValue } from '../../model/graphs/layer-signature.ts';
import type { LayerCache } from '../cache/kv-cache.ts';
import { requireFinite } from './require-finite.ts';
import { requireIds } from './require-ids.ts';
import { type RopeTables, ropeOfPrompt, ropeTables } from './rope.ts';
import { type Inputs, openSession, type Session } from './session.ts';
import { type StepInput, stepFeeds } from './step-input.ts';

export interface SegmentOutput {
  /** [rows, step, D] */
  readonly hidden: Float32Array;
  /** For each of the segment's layers [rows, kvH, step, headDim]; `layer` counts from 0 through the model. */
  readonly present: readonly (LayerCache & { readonly layer: number })[];
}

/**
 * The sessions of one model folder: segments and heads. It knows nothing about tokens' meaning, batches or stopping.
 * Sub-model n is the segments up to exit n, then the head of exit n.
 */
export class SegmentedModel {
  readonly manifest: Manifest;
  readonly #folder: string;
  readonly #segments: readonly Session[];
  readonly #heads: ReadonlyMap<string, Session>;
  readonly #rope: RopeTables;
  /** Layers of each segment, counted from 0 through the model. */
  readonly #layers: readonly (readonly number[])[];

  private constructor(folder: string, manifest: Manifest, segments: Session[], heads: Map<string, Session>) {
    this.manifest = manifest;
    this.#folder = folder;
    this.#segments = segments;
    this.#heads = heads;
    this.#rope = ropeTables(manifest.architecture);
    this.#layers = manifest.segments.map(({ exit }, index) => {
      const first = manifest.segments[index - 1]?.exit ?? 0;
      return Array.from({ length: exit - first }, (_, layer) => first + layer);
    });
  }

  /** @throws InputError when model.json or a file that it names does not fit */
  static async open(folder: string): Promise<SegmentedModel> {
    const manifest = readManifest(folder);
    const segments: Session[] = [];
    for (const { file } of manifest.segments) segments.push(await openSession(join(folder, file)));
    const heads = new Map<string, Session>();
    for (const { file } of manifest.heads) heads.set(file, await openSession(join(folder, file)));
    return new SegmentedModel(folder, manifest, segments, heads);
  }

  async close(): Promise<void> {
    for (const session of [...this.#segments, ...this.#heads.values()]) await session.close();
  }

  /**
   * Runs one segment.
   * @param input token ids int64 [rows, step] for segment 0, hidden states [rows, step, D] for the others
   * @throws InputError `bad-checkpoint` for an id beyond the vocabulary
   */
  async runSegment(
    index: number,
    input: BigInt64Array | Float32Array,
    step: StepInput,
  ): Promise<SegmentOutput> {
    if (input instanceof BigInt64Array) requireIds(input, this.manifest.architecture.vocabSize, this.#folder);
    const layers = this.#layers[index]!;
    const outputs = ['hidden_out', ...layers.flatMap((layer) => [presentKey(layer), presentValue(layer)])];
    const results = await this.#segments[index]!.run(this.#feeds(layers, input, step), outputs);
    const floats = (name: string) => results[name]!.data as Float32Array;
    return {
      hidden: floats('hidden_out'),
      present: layers.map((layer) => ({
        layer,
        keys: floats(presentKey(layer)),
        values: floats(presentValue(layer)),
      })),
    };
  }

  /**
   * Greedy next token ids, [rows], from hidden states [rows, D] of one exit.
   * @throws InputError `bad-checkpoint` where a logit is not finite
   */
  async nextTokens(headFile: string, hidden: Float32Array): Promise<number[]> {
    const { next_token, logit_sum } = await this.#runHead(headFile, hidden, ['next_token', LOGIT_SUM]);
    requireFinite(logit_sum.data as Float32Array, join(this.#folder, headFile));
    return Array.from(next_token.data as BigInt64Array, Number);
  }

  /** Logits [rows, V] of hidden states [rows, D]; for parity checks, since it copies all of them. */
  async logits(headFile: string, hidden: Float32Array): Promise<Float32Array> {
    const { logits } = await this.#runHead(headFile, hidden, ['logits']);
    return logits.data as Float32Array;
  }

  /** Rotary tables for a sequence that starts with a prompt of that many tokens. */
  ropeOf(promptTokens: number): RopeTables {
    return ropeOfPrompt(this.manifest.architecture, promptTokens, this.#rope);
  }

  #runHead<Name extends string>(headFile: string, hidden: Float32Array, outputs: readonly Name[]) {
    const { hiddenSize } = this.manifest.architecture;
    const input = { data: hidden, shape: [hidden.length / hiddenSize, hiddenSize] };
    return this.#heads.get(headFile)!.run({ hidden: input }, outputs);
  }

  #feeds(layers: readonly number[], input: BigInt64Array | Float32Array, step: StepInput): Inputs {
    const { architecture } = this.manifest;
    const { rows, step: S, rope = this.#rope } = step;
    const feeds = stepFeeds(architecture, layers, { ...step, rope });
    if (input instanceof BigInt64Array) feeds['input_ids'] = { data: input, shape: [rows, S] };
    else feeds['hidden'] = { data: input, shape: [rows, S, architecture.hiddenSize] };
    return feeds;
  }
}
