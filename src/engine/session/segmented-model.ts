import type { Manifest } from '../../model/folder/manifest.ts';
import { readManifest } from '../../model/folder/read-manifest.ts';
import { penalisedHeads } from './exit-graphs.ts';
import { type ConfidentToken, HeadSession, type PenalisedInput } from './head-session.ts';
import { type LayerOutput, LayerSession, type OpenFolder } from './layer-session.ts';
import { Rope, type RopeTables } from './rope.ts';
import type { StepInput } from './step-input.ts';
import { type StepwiseGraphs, stepwiseGraphs } from './stepwise-graphs.ts';

interface Place extends OpenFolder {
  readonly threads: number | undefined;
  readonly graphs: Partial<StepwiseGraphs>;
}

/** How heads choose: by the logits alone, or after a repetition penalty. */
type HeadKind = 'plain' | 'penalised';
type Heads = ReadonlyMap<string, HeadSession>;

/**
 * The sessions of one model folder: segments and heads, without any notion of text, batches or stopping.
 * Sub-model n is the segments up to exit n, then the head of exit n.
 */
export class SegmentedModel {
  readonly manifest: Manifest;
  readonly folder: string;
  /** Of one run. Undefined: one per core. */
  readonly threads: number | undefined;
  readonly #place: Place;
  readonly #segments: readonly LayerSession[];
  readonly #heads = new Map<HeadKind, Promise<Heads>>();

  private constructor(segments: readonly LayerSession[], place: Place) {
    this.manifest = place.manifest;
    this.folder = place.folder;
    this.threads = place.threads;
    this.#segments = segments;
    this.#place = place;
  }

  /**
   * @param threads of one run; default: one per core
   * @throws InputError when model.json or a file that it names does not fit
   */
  static async open(folder: string, threads?: number): Promise<SegmentedModel> {
    return SegmentedModel.#openGraphs(folder, readManifest(folder), threads, {});
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
   * With heads whose choices a repetition penalty changes; others are opened when they are first needed.
   * @param threads of one run; default: one per core
   * @throws InputError when model.json or a file that it names does not fit
   */
  static async openPenalised(folder: string, threads?: number): Promise<SegmentedModel> {
    return SegmentedModel.#openGraphs(folder, readManifest(folder), threads, {}, 'penalised');
  }

  static async #openGraphs(
    folder: string,
    manifest: Manifest,
    threads: number | undefined,
    graphs: Partial<StepwiseGraphs>,
    heads: HeadKind = 'plain',
  ): Promise<SegmentedModel> {
    const place = { folder, manifest, rope: new Rope(manifest.architecture), threads, graphs };
    const segments: LayerSession[] = [];
    for (const [index, { file, exit }] of manifest.segments.entries()) {
      const start = manifest.segments[index - 1]?.exit ?? 0;
      const graph = graphs.segments?.[index] ?? file;
      const canStep = graphs.segments !== undefined;
      segments.push(await LayerSession.open(place, graph, [start, exit], { threads, canStep }));
    }
    const model = new SegmentedModel(segments, place);
    await model.#headsOf(heads);
    return model;
  }

  /** Opened when they are first asked for. */
  #headsOf(kind: HeadKind): Promise<Heads> {
    const heads = this.#heads.get(kind) ?? openHeads(this.#place, kind);
    this.#heads.set(kind, heads);
    return heads;
  }

  async close(): Promise<void> {
    const heads = await Promise.all(this.#heads.values());
    for (const session of [...this.#segments, ...heads.flatMap((all) => [...all.values()])])
      await session.close();
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
  async nextTokens(headFile: string, hidden: Float32Array): Promise<number[]> {
    return (await this.#head('plain', headFile)).nextTokens(hidden);
  }

  /**
   * The same with how sure the head is of each; only of a model that was opened with `openStepwise`.
   * @throws InputError `bad-checkpoint` when a logit is not finite
   */
  async confidentTokens(headFile: string, hidden: Float32Array): Promise<ConfidentToken[]> {
    return (await this.#head('plain', headFile)).confidentTokens(hidden);
  }

  /**
   * Greedy next token ids [rows] after a repetition penalty. It takes heads of its own, which hold their weights again: where
   * `openPenalised` did not open them, the first call does.
   * @throws InputError `bad-checkpoint` when a logit is not finite
   */
  async penalisedTokens(headFile: string, input: PenalisedInput): Promise<number[]> {
    return (await this.#head('penalised', headFile)).penalisedTokens(input);
  }

  /**
   * Logits [rows, V] of hidden states [rows, D]; it copies all of them.
   * @throws InputError `bad-checkpoint` when one is not finite
   */
  async logits(headFile: string, hidden: Float32Array): Promise<Float32Array> {
    return (await this.#head('plain', headFile)).logits(hidden);
  }

  async #head(kind: HeadKind, file: string): Promise<HeadSession> {
    return (await this.#headsOf(kind)).get(file)!;
  }

  /**
   * Sequences whose prompts have equal values share one rotation; 0 where the prompt's length does not
   * matter.
   */
  rotationOf(promptTokens: number): number {
    return this.#place.rope.rotationOf(promptTokens);
  }

  /** Rotary tables of decoded tokens. */
  get decodedRope(): RopeTables {
    return this.#place.rope.decoded;
  }

  /** Rotary tables of a sequence that starts with a prompt of this many tokens. */
  ropeOf(promptTokens: number): RopeTables {
    return this.#place.rope.ofPrompt(promptTokens);
  }
}

async function openHeads(place: Place, kind: HeadKind): Promise<Heads> {
  const { manifest, threads, graphs } = place;
  const replaced = kind === 'penalised' ? penalisedHeads(manifest) : graphs.heads;
  const heads = new Map<string, HeadSession>();
  for (const { file } of manifest.heads)
    heads.set(file, await HeadSession.open(place, file, threads, replaced?.get(file)));
  return heads;
}
