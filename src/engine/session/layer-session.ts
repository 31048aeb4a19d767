import { join } from 'node:path';
import type { Manifest } from '../../model/folder/manifest.ts';
import {
  masksOf,
  PLACES,
  pastKey,
  pastValue,
  presentKey,
  presentValue,
} from '../../model/graphs/layer-signature.ts';
import { requireIds } from './require-ids.ts';
import type { Rope } from './rope.ts';
import { type FloatTensor, type IntTensor, openSession, type Session } from './session.ts';
import type { KeysValues, StepInput } from './step-input.ts';

/** What the sessions of one model folder share. */
export interface OpenFolder {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly rope: Rope;
}

/** Keys and values of a step's new tokens in one layer: [rows, kvH, S, headDim] each. */
export interface PresentKeysValues extends KeysValues {
  /** Counts from 0 through the model. */
  readonly layer: number;
}

export interface LayerOutput {
  /** [rows, S, D], after the last of the layers */
  readonly hidden: Float32Array;
  /** One for each of the layers. */
  readonly present: readonly PresentKeysValues[];
}

/** @param graph name of a file of the folder, or a graph that points into its weights */
export function openGraph(
  { folder }: OpenFolder,
  graph: string | Uint8Array,
  threads?: number,
): Promise<Session> {
  return typeof graph === 'string'
    ? openSession(join(folder, graph), threads)
    : openSession(graph, threads, folder);
}

/** Some consecutive layers of a model as one graph, run a step at a time. */
export class LayerSession {
  readonly #of: OpenFolder;
  readonly #layers: readonly number[];
  readonly #session: Session;
  readonly #canStep: boolean;

  private constructor(of: OpenFolder, layers: readonly number[], session: Session, canStep: boolean) {
    this.#of = of;
    this.#layers = layers;
    this.#session = session;
    this.#canStep = canStep;
  }

  /**
   * @param graph name of a file of the folder, or a graph that points into its weights
   * @param layers that the graph holds: `start` … `end` − 1, counted from 0 through the model
   * @param options.threads of one run; default: one per core
   * @param options.canStep whether the graph is one of `stepwiseGraphs`
   * @throws InputError `bad-checkpoint` for a file that ONNX Runtime refuses
   */
  static async open(
    of: OpenFolder,
    graph: string | Uint8Array,
    [start, end]: readonly [start: number, end: number],
    { threads, canStep = false }: { readonly threads: number | undefined; readonly canStep?: boolean },
  ): Promise<LayerSession> {
    const layers = Array.from({ length: end - start }, (_, index) => start + index);
    const session = await openGraph(of, graph, threads);
    return new LayerSession(of, layers, session, canStep);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /**
   * @param input token ids int64 [rows, S] for the first layers, hidden states [rows, S, D] for later ones
   * @throws InputError `bad-checkpoint` for an id beyond the vocabulary
   */
  async run(input: BigInt64Array | Float32Array, step: StepInput): Promise<LayerOutput> {
    const results = await this.#session.run(this.#feeds(input, step), this.#outputs());
    const dataOf = (name: string) => results[name]!.data;
    return {
      hidden: dataOf('hidden_out'),
      present: this.#layers.map((layer) => {
        return { layer, keys: dataOf(presentKey(layer)), values: dataOf(presentValue(layer)) };
      }),
    };
  }

  #outputs(): Record<string, 'float32'> {
    const present = this.#layers.flatMap((layer) => [presentKey(layer), presentValue(layer)]);
    return Object.fromEntries(['hidden_out', ...present].map((name) => [name, 'float32']));
  }

  #feeds(input: BigInt64Array | Float32Array, step: StepInput): Record<string, FloatTensor | IntTensor> {
    const { headDim, contextLength, hiddenSize, vocabSize } = this.#of.manifest.architecture;
    const { rows, queryLength: S, positionIds, rope = this.#of.rope.decoded } = step;
    const feeds: Record<string, FloatTensor | IntTensor> = {
      position_ids: { data: positionIds, shape: [rows, S] },
      cos: { data: rope.cos, shape: [contextLength, headDim / 2] },
      sin: { data: rope.sin, shape: [contextLength, headDim / 2] },
      ...this.#maskFeeds(step),
      ...this.#pastFeeds(step),
      ...(this.#canStep && { [PLACES]: this.#places(step) }),
    };
    if (input instanceof BigInt64Array) {
      requireIds(input, vocabSize, this.#of.folder);
      feeds['input_ids'] = { data: input, shape: [rows, S] };
    } else feeds['hidden'] = { data: input, shape: [rows, S, hiddenSize] };
    return feeds;
  }

  /** The masks that these layers read, [rows, 1, 1, S, capacity + S] each; + 1 in stepwise steps. */
  #maskFeeds({
    rows,
    queryLength: S,
    past,
    isStepwise,
    mask,
    windowMask,
  }: StepInput): Record<string, FloatTensor> {
    const shape = [rows, 1, 1, S, past.capacity + (isStepwise ? 1 : S)];
    const names = masksOf(this.#of.manifest.architecture, this.#layers);
    return Object.fromEntries(
      names.map((name) => [name, { data: name === 'mask' ? mask : windowMask!, shape }]),
    );
  }

  /** Row, head and position of each new key, [rows, kvH, S, 3]; none unless the step is stepwise. */
  #places({ rows, queryLength: S, positionIds, isStepwise }: StepInput): IntTensor {
    const { kvHeads } = this.#of.manifest.architecture;
    if (!isStepwise) return { data: new BigInt64Array(0), shape: [0, kvHeads, 0, 3] };
    const data = new BigInt64Array(rows * kvHeads * S * 3);
    for (let row = 0, next = 0; row < rows; row++) {
      for (let head = 0; head < kvHeads; head++) {
        for (let token = 0; token < S; token++) {
          data[next++] = BigInt(row);
          data[next++] = BigInt(head);
          data[next++] = positionIds[row * S + token]!;
        }
      }
    }
    return { data, shape: [rows, kvHeads, S, 3] };
  }

  /** past_key.n and past_value.n, [rows, kvH, 1, capacity, headDim] each. */
  #pastFeeds({ rows, past }: StepInput): Record<string, FloatTensor> {
    const { kvHeads, headDim } = this.#of.manifest.architecture;
    const shape = [rows, kvHeads, 1, past.capacity, headDim];
    const feeds: Record<string, FloatTensor> = {};
    for (const layer of this.#layers) {
      const { keys, values } = past.view(layer, rows);
      feeds[pastKey(layer)] = { data: keys, shape };
      feeds[pastValue(layer)] = { data: values, shape };
    }
    return feeds;
  }
}
