import { klGraph, klHead, klHidden, klNats, klNorm } from '../../model/graphs/head-graphs.ts';
import { encodeModel } from '../../model/graphs/onnx.ts';
import { requireFinite } from '../session/require-finite.ts';
import { type FloatTensor, type Inputs, openSession, type Session } from '../session/session.ts';
import type { HeadInMemory } from './head-in-memory.ts';

/** Hidden states of P output positions at one exit: [P, D]. */
export type PositionStates = Float32Array;

/** KL in nats of one head's exits: [exits][P]. */
export type KlOfExits = number[][];

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

  /**
   * @param heads at least one, all of one model; both sides must have one vocabulary
   * @param threads of one run; default: one per core
   */
  static async open(
    reference: HeadInMemory,
    heads: readonly HeadInMemory[],
    threads?: number,
  ): Promise<KlMeter> {
    const graph = klGraph(reference.architecture, heads[0]!.architecture, heads.length);
    return new KlMeter(await openSession(encodeModel(graph), threads), reference, heads);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /**
   * @param referenceStates [P, D], the reference's hidden states at P positions
   * @param states [heads][exits of the head] of [P, D]: each exit's hidden states at the same positions
   * @returns KL in nats, [heads][exits of the head][P]
   * @throws InputError `bad-checkpoint` when a value is not finite
   */
  async measure(
    referenceStates: PositionStates,
    states: readonly (readonly PositionStates[])[],
  ): Promise<KlOfExits[]> {
    const { hiddenSize, vocabSize } = this.#reference.architecture;
    const positions = referenceStates.length / hiddenSize;
    const exits = states.reduce((sum, own) => sum + own.length, 0);
    const chunk = Math.max(1, Math.floor(MAX_NUMBERS / ((exits + 1) * vocabSize)));
    const values = states.map((own): KlOfExits => own.map(() => []));
    for (let start = 0; start < positions; start += chunk) {
      const end = Math.min(start + chunk, positions);
      const measured = await this.#measureChunk(referenceStates, states, start, end);
      for (const [head, own] of measured.entries()) {
        for (const [exit, kl] of own.entries()) values[head]![exit]!.push(...kl);
      }
    }
    return values;
  }

  /** The same for positions `start` … `end` − 1: [heads][exits of the head][end − start]. */
  async #measureChunk(
    referenceStates: PositionStates,
    states: readonly (readonly PositionStates[])[],
    start: number,
    end: number,
  ): Promise<KlOfExits[]> {
    const inputs = this.#inputs(referenceStates, states, start, end);
    const outputs = await this.#session.run(inputs, this.#outputs());
    const positions = end - start;
    return this.#heads.map((head, index) => {
      const kl = outputs[klNats(index)]!.data;
      requireFinite(kl, `KL of ${head.folder} from ${this.#reference.folder}`);
      return states[index]!.map((_, exit) => [...kl.subarray(exit * positions, (exit + 1) * positions)]);
    });
  }

  #outputs(): Record<string, 'float32'> {
    return Object.fromEntries(this.#heads.map((_, index) => [klNats(index), 'float32']));
  }

  #inputs(
    referenceStates: PositionStates,
    states: readonly (readonly PositionStates[])[],
    start: number,
    end: number,
  ): Inputs {
    const { hiddenSize } = this.#reference.architecture;
    const own = referenceStates.subarray(start * hiddenSize, end * hiddenSize);
    const inputs: Record<string, FloatTensor> = {
      reference_hidden: { data: own, shape: [end - start, hiddenSize] },
      reference_norm: this.#reference.norm,
      reference_head: this.#reference.head,
    };
    for (const [index, head] of this.#heads.entries()) {
      Object.assign(inputs, headInputs(head, index, states[index]!, start, end));
    }
    return inputs;
  }
}

/** The graph's inputs for one head; its exits' states as [exits, end − start, D]. */
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
