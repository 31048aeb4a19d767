import type { Manifest } from '../../model/folder/manifest.ts';
import { readManifest } from '../../model/folder/read-manifest.ts';
import { penalisedHeads } from './exit-graphs.ts';
import { type ConfidentToken, HeadSession, type PenalisedInput } from './head-session.ts';
import { type LayerOutput, LayerSession } from './layer-session.ts';
import { Rope, type RopeTables } from './rope.ts';
import type { StepInput } from './step-input.ts';
import { type StepwiseGraphs, stepwiseGraphs } from './stepwise-graphs.ts';

interface Place {
  readonly folder: string;
  readonly threads: number | undefined;
  readonly rope: Rope;
}

/**
 * The sessions of one model folder: segments and heads, without any notion of text, batches or stopping.
 * Sub-model n is the segments up to exit n, then the head of exit n.
 */
export class SegmentedModel {
  readonly manifest: Manifest;
  readonly folder: string;
  /** Of one run. Undefined: one per core. */
  readonly threads: number | undefined;
  readonly #segments: readonly LayerSession[];
  readonly #heads: ReadonlyMap<string, HeadSession>;
  readonly #rope: Rope;

  private constructor(
    manifest: Manifest,
    segments: readonly LayerSession[],
    heads: ReadonlyMap<string, HeadSession>,
    { folder, threads, rope }: Place,
  ) {
    this.manifest = manifest;
    this.folder = folder;
    this.threads = threads;
    this.#segments = segments;
    this.#heads = heads;
    this.#rope = rope;
  }

  /**
   * @param threads of one run; default: one per core
   * @throws InputError when model.json or a file that it names does not fit
   */
  static async open(folder: string, threads?: number): Promise<SegmentedModel> {
    return SegmentedModel.#openGraphs(folder, readManifest(folder), threads);
  }

  /**
   * With the same results, and able to run stepwise and to say how sure a head is. It takes a little longer.
   * @param threads of one run; default: one per core
   * @throws InputError when model.json or a file that it names does not fit
   */
  static async openStepwise(folder: string, threads?: number): Promise<SegmentedModel> {
    const manifest = readManifest(folder);
    return SegmentedModel.#openGraphs(folder, manifest, threads, stepwiseGraphs(folder, manifest));
  }

  /**
   * With heads whose choices a repetition penalty changes; they choose in no other way.
   * @param threads of one run; default: one per core
   * @throws InputError when model.json or a file that it names does not fit
   */
  static async openPenalised(folder: string, threads?: number): Promise<SegmentedModel> {
    const manifest = readManifest(folder);
    return SegmentedModel.#openGraphs(folder, manifest, threads, { heads: penalisedHeads(manifest) });
  }

  static async #openGraphs(
    folder: string,
    manifest: Manifest,
    threads?: number,
    graphs?: Partial<StepwiseGraphs>,
  ): Promise<SegmentedModel> {
    const of = { folder, manifest, rope: new Rope(manifest.architecture) };
    const segments: LayerSession[] = [];
    for (const [index, { file, exit }] of manifest.segments.entries()) {
      const start = manifest.segments[index - 1]?.exit ?? 0;
      const graph = graphs?.segments?.[index] ?? file;
      const canStep = graphs?.segments !== undefined;
      segments.push(await LayerSession.open(of, graph, [start, exit], { threads, canStep }));
    }
    const heads = new Map<string, HeadSession>();
    for (const { file } of manifest.heads) {
      heads.set(file, await HeadSession.open(of, file, threads, graphs?.heads?.get(file)));
    }
    return new SegmentedModel(manifest, segments, heads, { folder, threads, rope: of.rope });
  }

  async close(): Promise<void> {
    for (const session of [...this.#segments, ...this.#heads.values()]) await session.close();
  }

  /**
   * Runs one segment.
   * @param input token ids int64 [rows, S] for segment 0, hidden states [rows, S, D] for the others
   * @throws InputError `bad-checkpoint` for an id beyond the vocabulary
   */
  runSegment(index: number, input: BigInt64Array | Float32Array, step: StepInput): Promise<LayerOutput> {
    return this.#segments[index]!.run(input, step);
  }

  /**
   * Greedy next token ids [rows] after hidden states [rows, D] of exits with one head.
   * @throws InputError `bad-checkpoint` when a logit is not finite
   */
  nextTokens(headFile: string, hidden: Float32Array): Promise<number[]> {
    return this.#heads.get(headFile)!.nextTokens(hidden);
  }

  /**
   * The same with how sure the head is of each; only of a model that was opened with `openStepwise`.
   * @throws InputError `bad-checkpoint` when a logit is not finite
   */
  confidentTokens(headFile: string, hidden: Float32Array): Promise<ConfidentToken[]> {
    return this.#heads.get(headFile)!.confidentTokens(hidden);
  }

  /**
   * Greedy next token ids [rows] after a repetition penalty; only of a model that was opened with `openPenalised`.
   * @throws InputError `bad-checkpoint` when a logit is not finite
   */
  penalisedTokens(headFile: string, input: PenalisedInput): Promise<number[]> {
    return this.#heads.get(headFile)!.penalisedTokens(input);
  }

  /**
   * Logits [rows, V] of hidden states [rows, D]; it copies all of them.
   * @throws InputError `bad-checkpoint` when one is not finite
   */
  logits(headFile: string, hidden: Float32Array): Promise<Float32Array> {
    return this.#heads.get(headFile)!.logits(hidden);
  }

  /**
   * Sequences whose prompts have equal values share one rotation; 0 where the prompt's length does not
   * matter.
   */
  rotationOf(promptTokens: number): number {
    return this.#rope.rotationOf(promptTokens);
  }

  /** Rotary tables of decoded tokens. */
  get decodedRope(): RopeTables {
    return this.#rope.decoded;
  }

  /** Rotary tables of a sequence that starts with a prompt of this many tokens. */
  ropeOf(promptTokens: number): RopeTables {
    return this.#rope.ofPrompt(promptTokens);
  }
}
