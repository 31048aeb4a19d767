import { availableParallelism } from 'node:os';
import { headOfExit, type Manifest, withoutFullDepth } from '../../model/folder/manifest.ts';
import { readManifest } from '../../model/folder/read-manifest.ts';
import { exitGraphs } from './exit-graphs.ts';
import { HeadSession, type TopTokens, type TopTokensInput } from './head-session.ts';
import { type LayerOutput, LayerSession } from './layer-session.ts';
import { Rope, type RopeTables } from './rope.ts';
import type { StepInput } from './step-input.ts';

/**
 * Which head chooses tokens: the one of beam search, or the last exit's own, which takes the largest logit.
 */
export type HeadChoice = 'beams' | 'greedy';

interface Parts {
  readonly layers: LayerSession;
  readonly head: HeadSession;
  readonly choice: HeadChoice;
  readonly rope: Rope;
  readonly threads: number;
}

interface Graphs {
  readonly manifest: Manifest;
  readonly layers: string | Uint8Array;
  readonly headFile: string;
  /** In the place of the file. */
  readonly head?: Uint8Array;
}

/**
 * A model folder at full depth as two sessions: all layers in one graph, which also reads prompts, and one
 * head.
 */
export class FullDepthModel {
  readonly manifest: Manifest;
  /**
   * Rows that a cache must have. With fewer products than threads ONNX Runtime 1.30.0 splits the single
   * product, whose sums then have another order: a result would depend on how many rows it was computed with.
   * Guarded by test/engine/cache/prefix-prefill.test.ts.
   */
  readonly minRows: number;
  readonly #parts: Parts;

  private constructor(manifest: Manifest, parts: Parts) {
    this.manifest = manifest;
    this.minRows = Math.ceil(parts.threads / manifest.architecture.kvHeads);
    this.#parts = parts;
  }

  /**
   * @param threads of one run; default: one per core
   * @throws InputError when model.json or a file that it names does not fit
   */
  static async open(folder: string, choice: HeadChoice = 'beams', threads?: number): Promise<FullDepthModel> {
    const manifest = readManifest(folder);
    const beams = beamGraphsOf(manifest, folder);
    const headFile = choice === 'beams' ? beams.head : lastHeadFile(manifest);
    const graphs = { manifest, layers: beams.layers, headFile };
    return FullDepthModel.#openGraphs(folder, graphs, choice, threads);
  }

  /**
   * The sub-model of an exit, as if the network ended there, for beam search.
   * @param threads of one run; default: one per core
   * @throws InputError `unknown-exit`; when model.json or a file that it names does not fit
   */
  static async openAt(folder: string, exit: number, threads?: number): Promise<FullDepthModel> {
    const whole = readManifest(folder);
    const graphs = { ...exitGraphs(folder, whole, exit), headFile: headOfExit(whole, exit, 'exit').file };
    return FullDepthModel.#openGraphs(folder, graphs, 'beams', threads);
  }

  static async #openGraphs(
    folder: string,
    { manifest, layers: graph, headFile, head: headGraph }: Graphs,
    choice: HeadChoice,
    threads?: number,
  ): Promise<FullDepthModel> {
    const rope = new Rope(manifest.architecture);
    const of = { folder, manifest, rope };
    const layers = await LayerSession.open(of, graph, [0, manifest.architecture.layers], { threads });
    const head = await HeadSession.open(of, headFile, threads, headGraph);
    const parts = { layers, head, choice, rope, threads: threads ?? availableParallelism() };
    return new FullDepthModel(manifest, parts);
  }

  async close(): Promise<void> {
    await this.#parts.layers.close();
    await this.#parts.head.close();
  }

  /**
   * Runs all layers.
   * @param inputIds int64 [rows, S]
   * @returns hidden [rows, S, D]; present may have further rows, which mean nothing
   * @throws InputError `bad-checkpoint` for an id beyond the vocabulary
   */
  async run(inputIds: BigInt64Array, step: StepInput): Promise<LayerOutput> {
    const { rows, queryLength: S, past, windowMask } = step;
    const runRows = Math.max(rows, this.minRows);
    const maskFloats = runRows * S * (past.capacity + S);
    const output = await this.#parts.layers.run(paddedWithZeros(inputIds, runRows * S), {
      ...step,
      rows: runRows,
      positionIds: paddedWithZeros(step.positionIds, runRows * S),
      mask: paddedWithZeros(step.mask, maskFloats),
      windowMask: windowMask && paddedWithZeros(windowMask, maskFloats),
    });
    const floats = rows * S * this.manifest.architecture.hiddenSize;
    return { ...output, hidden: output.hidden.subarray(0, floats) };
  }

  /**
   * The k best next tokens of each row, best first. The greedy head returns one, with the row's score
   * unchanged.
   * @throws InputError `bad-checkpoint` when a logit is not finite
   */
  async topTokens(input: TopTokensInput): Promise<TopTokens> {
    const { head, choice } = this.#parts;
    if (choice === 'beams') return head.topTokens(input);
    return { scores: input.scores, ids: await head.nextTokens(input.hidden) };
  }

  /**
   * Sequences whose prompts have equal values share one rotation; 0 where the prompt's length does not
   * matter.
   */
  rotationOf(promptTokens: number): number {
    return this.#parts.rope.rotationOf(promptTokens);
  }

  /** Rotary tables of a sequence that starts with a prompt of this many tokens. */
  ropeOf(promptTokens: number): RopeTables {
    return this.#parts.rope.ofPrompt(promptTokens);
  }
}

function paddedWithZeros<Values extends BigInt64Array | Float32Array>(
  values: Values,
  length: number,
): Values {
  if (values.length === length) return values;
  const padded = values instanceof BigInt64Array ? new BigInt64Array(length) : new Float32Array(length);
  padded.set(values as never);
  return padded as Values;
}

/** @throws InputError `unknown-exit` for a folder whose exits end before full depth */
function beamGraphsOf(manifest: Manifest, folder: string): NonNullable<Manifest['beams']> {
  if (manifest.beams) return manifest.beams;
  throw withoutFullDepth(manifest, folder);
}

function lastHeadFile(manifest: Manifest): string {
  return headOfExit(manifest, manifest.architecture.layers, 'the last exit').file;
}
