import { storedWeightsOf } from '../../model/folder/read-manifest.ts';
import { placeOf } from '../../model/folder/write-graphs.ts';
import { presentKey, presentValue } from '../../model/graphs/layer-signature.ts';
import { encodeModel } from '../../model/graphs/onnx.ts';
import { carrySegmentGraph } from '../../model/graphs/segment-graph.ts';
import type { PresentKeysValues } from '../session/layer-session.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { openSession, type Session } from '../session/session.ts';

/** Keys and values of tokens in segments that they skip, from the state at which they left. Each segment is opened at its first use. */
export class Carrier {
  readonly #model: SegmentedModel;
  readonly #sessions = new Map<number, Promise<Session>>();

  constructor(model: SegmentedModel) {
    this.#model = model;
  }

  /**
   * @param states [rows, D], of one token of each row
   * @param positions of these tokens in their sequences
   * @returns for each layer of the segment [rows, kvH, 1, headDim]
   * @throws InputError `bad-checkpoint`
   */
  async run(
    segment: number,
    states: Float32Array,
    positions: readonly number[],
  ): Promise<PresentKeysValues[]> {
    const { hiddenSize, headDim, contextLength } = this.#model.manifest.architecture;
    const { cos, sin } = this.#model.decodedRope;
    const rows = positions.length;
    const tables = [contextLength, headDim / 2];
    const inputs = {
      hidden: { data: states, shape: [rows, 1, hiddenSize] },
      position_ids: { data: BigInt64Array.from(positions, BigInt), shape: [rows, 1] },
      cos: { data: cos, shape: tables },
      sin: { data: sin, shape: tables },
    };
    const layers = this.#layersOf(segment);
    const names = layers.flatMap((layer) => [presentKey(layer), presentValue(layer)]);
    const types = Object.fromEntries(names.map((name) => [name, 'float32' as const]));
    const results = await (await this.#open(segment)).run(inputs, types);
    return layers.map((layer) => {
      return { layer, keys: results[presentKey(layer)]!.data, values: results[presentValue(layer)]!.data };
    });
  }

  async close(): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).close();
  }

  #open(segment: number): Promise<Session> {
    const session = this.#sessions.get(segment) ?? this.#openNew(segment);
    this.#sessions.set(segment, session);
    return session;
  }

  #openNew(segment: number): Promise<Session> {
    const { folder, manifest, threads } = this.#model;
    const weights = storedWeightsOf(folder, manifest);
    const layers = this.#layersOf(segment);
    const range = { first: layers[0]!, last: layers.at(-1)! + 1 };
    const graph = carrySegmentGraph(manifest.architecture, range, (tensor) => placeOf({ weights }, tensor));
    return openSession(encodeModel(graph), threads, folder);
  }

  #layersOf(segment: number): number[] {
    const { segments } = this.#model.manifest;
    const first = segments[segment - 1]?.exit ?? 0;
    return Array.from({ length: segments[segment]!.exit - first }, (_, index) => first + index);
  }
}
