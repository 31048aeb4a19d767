import { likelihoodGraph } from '../../model/graphs/head-graphs.ts';
import { encodeModel } from '../../model/graphs/onnx.ts';
import { requireFinite } from '../session/require-finite.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import { openSession, type Session } from '../session/session.ts';
import { type AnsweredPrompt, type ForwardAnswersOptions, forwardAnswers } from './forward-answers.ts';
import type { HeadInMemory } from './kl-divergence.ts';

/** Tokens that go through the head at once: bounds logits [N, V]. */
const PASS_TOKENS = 512;

/** How likely one head finds given tokens; the logits stay inside the graph. */
export class LikelihoodMeter {
  readonly #session: Session;
  readonly #head: HeadInMemory;

  private constructor(session: Session, head: HeadInMemory) {
    this.#session = session;
    this.#head = head;
  }

  static async open(head: HeadInMemory): Promise<LikelihoodMeter> {
    return new LikelihoodMeter(await openSession(encodeModel(likelihoodGraph(head.architecture))), head);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /**
   * @param states hidden states [N, D]
   * @param tokenIds the N tokens that they should predict
   * @returns log-probability of each in nats
   * @throws InputError `bad-checkpoint` where one is not finite
   */
  async measure(states: Float32Array, tokenIds: readonly number[]): Promise<number[]> {
    const { hiddenSize } = this.#head.architecture;
    const values: number[] = [];
    for (let start = 0; start < tokenIds.length; start += PASS_TOKENS) {
      const ids = tokenIds.slice(start, start + PASS_TOKENS);
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
    const { log_probability } = await this.#session.run(inputs, ['log_probability']);
    requireFinite(log_probability.data as Float32Array, `likelihoods of ${folder}`);
    return log_probability.data as Float32Array;
  }
}

/**
 * Mean log-probability of whole answers to each of some prompts, in nats a token, teacher-forced through the first segments of
 * a network and the meter's head. Prompt and answer must fit into the context.
 */
export async function meanLogProbabilities(
  model: SegmentedModel,
  meter: LikelihoodMeter,
  prompts: readonly AnsweredPrompt[],
  options: ForwardAnswersOptions,
): Promise<number[][]> {
  const states = await forwardAnswers(model, prompts, options);
  const means: number[][] = [];
  for (const [index, { answers }] of prompts.entries()) {
    const own: number[] = [];
    for (const [place, ids] of answers.entries())
      own.push(mean(await meter.measure(states[index]![place]!, ids)));
    means.push(own);
  }
  return means;
}

/** Rounding may lift a certain token above 0. */
function mean(logProbabilities: readonly number[]): number {
  return Math.min(0, logProbabilities.reduce((sum, value) => sum + value, 0) / logProbabilities.length);
}
