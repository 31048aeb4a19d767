import type { Architecture } from '../../model/checkpoint/architecture.ts';
import { headOfExit, type Manifest } from '../../model/folder/manifest.ts';
import { klGraph, klHead, klHidden, klNats, klNorm } from '../../model/graphs/head-graphs.ts';
import { encodeModel } from '../../model/graphs/onnx.ts';
import { readWeight } from '../../model/quantise/read-weight.ts';
import { requireFinite } from '../session/require-finite.ts';
import { type FloatTensor, type Inputs, openSession, type Session } from '../session/session.ts';

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

/** Log-probabilities of one run, over all heads and exits: 128 MiB, whatever the number of positions. */
const MAX_NUMBERS = 2 ** 25;

/** KL(reference ‖ sub-model) in nats between heads' distributions; the logits stay inside the graph. */
export class KlMeter {
  readonly #session: Session;
  readonly #reference: HeadInMemory;
  readonly #heads: readonly HeadInMemory[];

  private constructor(session: Session, reference: HeadInMemory, heads: readonly HeadInMemory[]) {
    this.#session = session;
    this.#reference = reference;
    this.#heads = heads;
  }

  /** @param heads at least one, all of one model; both sides must have one vocabulary */
  static async open(reference: HeadInMemory, heads: readonly HeadInMemory[]): Promise<KlMeter> {
    const graph = klGraph(reference.architecture, heads[0]!.architecture, heads.length);
    return new KlMeter(await openSession(encodeModel(graph)), reference, heads);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /**
   * @param referenceStates the reference's hidden states at P positions
   * @param states for each head, the hidden states at the same positions of each exit that uses it
   * @returns for each head, for each of these exits, KL in nats at each position
   * @throws InputError `bad-checkpoint` where one is not finite
   */
  async measure(
    referenceStates: PositionStates,
    states: readonly (readonly PositionStates[])[],
  ): Promise<number[][][]> {
    const { hiddenSize, vocabSize } = this.#reference.architecture;
    const positions = referenceStates.length / hiddenSize;
    const exits = states.reduce((sum, own) => sum + own.length, 0);
    const step = Math.max(1, Math.floor(MAX_NUMBERS / ((exits + 1) * vocabSize)));
    const values = states.map((own) => own.map((): number[] => []));
    for (let start = 0; start < positions; start += step) {
      const end = Math.min(start + step, positions);
      const chunk = await this.#measureChunk(referenceStates, states, start, end);
      for (const [head, own] of chunk.entries()) {
        for (const [exit, kl] of own.entries()) values[head]![exit]!.push(...kl);
      }
    }
    return values;
  }

  /** The same for positions `start` … `end` − 1. */
  async #measureChunk(
    referenceStates: PositionStates,
    states: readonly (readonly PositionStates[])[],
    start: number,
    end: number,
  ): Promise<number[][][]> {
    const { hiddenSize } = this.#reference.architecture;
    const positions = end - start;
    const own = referenceStates.subarray(start * hiddenSize, end * hiddenSize);
    const inputs: Record<string, FloatTensor> = {
      reference_hidden: { data: own, shape: [positions, hiddenSize] },
      reference_norm: this.#reference.norm,
      reference_head: this.#reference.head,
    };
    for (const [index, head] of this.#heads.entries()) {
      Object.assign(inputs, headInputs(head, index, states[index]!, start, end));
    }
    const outputs = await this.#session.run(
      inputs,
      this.#heads.map((_, index) => klNats(index)),
    );
    return this.#heads.map((head, index) => {
      const kl = outputs[klNats(index)]!.data as Float32Array;
      requireFinite(kl, `KL of ${head.folder} from ${this.#reference.folder}`);
      return states[index]!.map((_, exit) => [...kl.subarray(exit * positions, (exit + 1) * positions)]);
    });
  }
}

/** What the graph is fed for one head. */
function headInputs(
  { architecture, norm, head }: HeadInMemory,
  index: number,
  states: readonly PositionStates[],
  start: number,
  end: number,
): Inputs {
  const { hiddenSize } = architecture;
  const size = (end - start) * hiddenSize;
  const stacked = new Float32Array(states.length * size);
  for (const [exit, state] of states.entries()) {
    stacked.set(state.subarray(start * hiddenSize, end * hiddenSize), exit * size);
  }
  return {
    [klHidden(index)]: { data: stacked, shape: [states.length, end - start, hiddenSize] },
    [klNorm(index)]: norm,
    [klHead(index)]: head,
  };
}
