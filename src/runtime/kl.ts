import type { Architecture } from '../model/architecture.ts';
import { klGraph } from '../model/head-graphs.ts';
import { headOfExit, type Manifest } from '../model/manifest.ts';
import { encodeModel } from '../model/onnx.ts';
import { readWeight } from '../model/read-weight.ts';
import { requireFinite } from './require-finite.ts';
import { type FloatTensor, openSession, type Session } from './session.ts';

/** Final norm and head of one exit, in memory. */
export interface HeadInMemory {
  /** The model folder that it was read from. */
  readonly folder: string;
  readonly architecture: Architecture;
  /** [D] */
  readonly norm: FloatTensor;
  /** [V, D] */
  readonly head: FloatTensor;
}

/** Hidden states of `positions` output positions at one exit: [positions, D]. */
export type PositionStates = Float32Array;

export function readHead(folder: string, manifest: Manifest, exit: number): HeadInMemory {
  const { norm, head } = headOfExit(manifest, exit, folder);
  return {
    folder,
    architecture: manifest.architecture,
    norm: { data: readWeight(folder, norm), shape: norm.shape },
    head: { data: readWeight(folder, head), shape: head.shape },
  };
}

/** KL(reference ‖ sub-model) in nats between two heads' distributions; the logits stay inside the graph. */
export class KlMeter {
  readonly #session: Session;
  readonly #reference: HeadInMemory;

  private constructor(session: Session, reference: HeadInMemory) {
    this.#session = session;
    this.#reference = reference;
  }

  /** Both sides must have one vocabulary. */
  static async open(reference: HeadInMemory, subModel: Architecture): Promise<KlMeter> {
    const session = await openSession(encodeModel(klGraph(reference.architecture, subModel)));
    return new KlMeter(session, reference);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /**
   * @param referenceStates the reference's hidden states at P positions
   * @param states the sub-models' hidden states at the same positions, one entry for each exit that uses `head`
   * @returns for each exit, KL in nats at each position
   * @throws InputError `bad-checkpoint` where one is not finite
   */
  async measure(
    referenceStates: PositionStates,
    head: HeadInMemory,
    states: readonly PositionStates[],
  ): Promise<number[][]> {
    const { hiddenSize: referenceSize } = this.#reference.architecture;
    const { hiddenSize } = head.architecture;
    const positions = referenceStates.length / referenceSize;
    const stacked = new Float32Array(states.length * positions * hiddenSize);
    for (const [index, state] of states.entries()) stacked.set(state, index * state.length);
    const { kl } = await this.#session.run(
      {
        reference_hidden: { data: referenceStates, shape: [positions, referenceSize] },
        reference_norm: this.#reference.norm,
        reference_head: this.#reference.head,
        hidden: { data: stacked, shape: [states.length, positions, hiddenSize] },
        norm: head.norm,
        head: head.head,
      },
      ['kl'],
    );
    requireFinite(kl.data as Float32Array, `KL of ${head.folder} from ${this.#reference.folder}`);
    const values = Array.from(kl.data as Float32Array);
    return states.map((_, index) => values.slice(index * positions, (index + 1) * positions));
  }
}
