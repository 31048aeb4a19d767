import { likelihoodGraph } from '../../model/graphs/head-graphs.ts';
import { encodeModel } from '../../model/graphs/onnx.ts';
import { MAX_PASS_TOKENS } from '../session/batches.ts';
import { requireFinite } from '../session/require-finite.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { openSession, type Session } from '../session/session.ts';
import type { Continuation } from './continuation.ts';
import type { HeadInMemory } from './head-in-memory.ts';
import { teacherForce } from './teacher-force.ts';

/** Log-probabilities of given tokens under one head; the logits stay inside the graph. */
export class LoglikelihoodMeter {
  readonly #session: Session;
  readonly #head: HeadInMemory;

  private constructor(session: Session, head: HeadInMemory) {
    this.#session = session;
    this.#head = head;
  }

  /** @param threads of one run; default: one per core */
  static async open(head: HeadInMemory, threads?: number): Promise<LoglikelihoodMeter> {
    const graph = likelihoodGraph(head.architecture);
    return new LoglikelihoodMeter(await openSession(encodeModel(graph), threads), head);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /**
   * @param states hidden states [N, D]
   * @param tokenIds the N tokens that they should predict
   * @returns [N], log-probability of each in nats
   * @throws InputError `bad-checkpoint` when a value is not finite
   */
  async measure(states: Float32Array, tokenIds: readonly number[]): Promise<number[]> {
    const { hiddenSize } = this.#head.architecture;
    const values: number[] = [];
    // In parts, since logits take [N, V].
    for (let start = 0; start < tokenIds.length; start += MAX_PASS_TOKENS) {
      const ids = tokenIds.slice(start, start + MAX_PASS_TOKENS);
      const hidden = states.subarray(start * hiddenSize, (start + ids.length) * hiddenSize);
      values.push(...(await this.#run(hidden, ids)));
    }
    return values;
  }

  async #run(hidden: Float32Array, ids: readonly number[]): Promise<Float32Array> {
    const { folder, norm, head } = this.#head;
    const inputs = {
      hidden: { data: hidden, shape: [ids.length, hidden.length / ids.length] },
      norm,
      head,
      token: { data: BigInt64Array.from(ids, BigInt), shape: [ids.length, 1] },
    };
    const { log_probability } = await this.#session.run(inputs, { log_probability: 'float32' });
    requireFinite(log_probability.data, `likelihoods of ${folder}`);
    return log_probability.data;
  }
}

/** The scorer: an exit of a model, and the meter of its head. */
export interface Scorer {
  readonly model: SegmentedModel;
  readonly exit: number;
  readonly meter: LoglikelihoodMeter;
}

/**
 * Mean log-probability of each continuation in nats a token, teacher-forced. Each needs at least one token,
 * and must fit into the context together with its own. A context is read once for all of its continuations.
 * @param batchSize continuations that go through the layers together; changes the speed, never a value
 */
export async function meanLogProbabilities(
  { model, exit, meter }: Scorer,
  continuations: readonly Continuation[],
  batchSize: number,
): Promise<number[]> {
  const options = { exits: [exit], shareContexts: true, batchSize };
  const states = await teacherForce(model, continuations, options);
  const means: number[] = [];
  for (const [index, { continuation }] of continuations.entries()) {
    means.push(mean(await meter.measure(states[index]!.get(exit)!, continuation)));
  }
  return means;
}

/** Rounding may lift a certain token above 0. */
function mean(logProbabilities: readonly number[]): number {
  return Math.min(0, logProbabilities.reduce((sum, value) => sum + value, 0) / logProbabilities.length);
}
