import { join } from 'node:path';
import { LOGIT_SUM, TOP_PROBABILITIES } from '../../model/graphs/head-graphs.ts';
import { type OpenFolder, openGraph } from './layer-session.ts';
import { requireFinite } from './require-finite.ts';
import type { Session } from './session.ts';

export interface PenalisedInput {
  /** [N, D] */
  readonly hidden: Float32Array;
  /** int64 [N, L], the ids that the penalty falls on */
  readonly seenIds: BigInt64Array;
  /** Repetition penalty; 1: none. */
  readonly penalty: number;
}

export interface TopTokensInput extends PenalisedInput {
  /** [N], the log-probability of each row so far */
  readonly scores: Float32Array;
  /** Tokens wanted for each row. */
  readonly k: number;
}

export interface TopTokens {
  /** [N, k], falling in each row: `scores` of the input plus the token's log-probability */
  readonly scores: Float32Array;
  /** [N, k] */
  readonly ids: readonly number[];
}

/** A greedy next token with its probability and that of the next likely one. */
export interface ConfidentToken {
  readonly id: number;
  readonly largest: number;
  readonly second: number;
}

/** Final norm and LM head of a model folder as one graph. */
export class HeadSession {
  readonly #session: Session;
  readonly #path: string;
  readonly #hiddenSize: number;

  private constructor(session: Session, path: string, hiddenSize: number) {
    this.#session = session;
    this.#path = path;
    this.#hiddenSize = hiddenSize;
  }

  /**
   * @param graph that computes what the file would; default: the file
   * @throws InputError `bad-checkpoint` for a file that ONNX Runtime refuses
   */
  static async open(
    of: OpenFolder,
    file: string,
    threads?: number,
    graph: string | Uint8Array = file,
  ): Promise<HeadSession> {
    const session = await openGraph(of, graph, threads);
    return new HeadSession(session, join(of.folder, file), of.manifest.architecture.hiddenSize);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /**
   * Greedy next token ids [N] after hidden states [N, D].
   * @throws InputError `bad-checkpoint` when a logit is not finite
   */
  async nextTokens(hidden: Float32Array): Promise<number[]> {
    const outputs = { next_token: 'int64', [LOGIT_SUM]: 'float32' } as const;
    const { next_token, logit_sum } = await this.#session.run(this.#hiddenFeed(hidden), outputs);
    requireFinite(logit_sum.data, this.#path);
    return Array.from(next_token.data, Number);
  }

  /**
   * The same after a repetition penalty; only a head of `penalisedHeadGraph` can.
   * @throws InputError `bad-checkpoint` when a logit is not finite
   */
  async penalisedTokens(input: PenalisedInput): Promise<number[]> {
    const outputs = { next_token: 'int64', [LOGIT_SUM]: 'float32' } as const;
    const results = await this.#session.run(this.#penalisedFeed(input), outputs);
    requireFinite(results[LOGIT_SUM].data, this.#path);
    return Array.from(results.next_token.data, Number);
  }

  /**
   * The same with how sure the head is of each; only a head of `confidenceHeadGraph` knows.
   * @throws InputError `bad-checkpoint` when a logit is not finite
   */
  async confidentTokens(hidden: Float32Array): Promise<ConfidentToken[]> {
    const outputs = { next_token: 'int64', [LOGIT_SUM]: 'float32', [TOP_PROBABILITIES]: 'float32' } as const;
    const results = await this.#session.run(this.#hiddenFeed(hidden), outputs);
    requireFinite(results[LOGIT_SUM].data, this.#path);
    const top = results[TOP_PROBABILITIES].data;
    return Array.from(results.next_token.data, (id, row) => {
      return { id: Number(id), largest: top[2 * row]!, second: top[2 * row + 1]! };
    });
  }

  /**
   * Logits [N, V] of hidden states [N, D]; it copies all of them.
   * @throws InputError `bad-checkpoint` when one is not finite
   */
  async logits(hidden: Float32Array): Promise<Float32Array> {
    const outputs = { logits: 'float32', [LOGIT_SUM]: 'float32' } as const;
    const results = await this.#session.run(this.#hiddenFeed(hidden), outputs);
    requireFinite(results[LOGIT_SUM].data, this.#path);
    return results.logits.data;
  }

  /**
   * The k best next tokens of each row, best first; only a beam head has this output.
   * @throws InputError `bad-checkpoint` when a logit is not finite
   */
  async topTokens({ scores, k, ...input }: TopTokensInput): Promise<TopTokens> {
    const feeds = {
      ...this.#penalisedFeed(input),
      beam_scores: { data: scores, shape: [scores.length, 1] },
      k: { data: BigInt64Array.of(BigInt(k)), shape: [1] },
    };
    const outputs = { top_scores: 'float32', top_ids: 'int64', [LOGIT_SUM]: 'float32' } as const;
    const { top_scores, top_ids, logit_sum } = await this.#session.run(feeds, outputs);
    requireFinite(logit_sum.data, this.#path);
    return { scores: top_scores.data, ids: Array.from(top_ids.data, Number) };
  }

  #penalisedFeed({ hidden, seenIds, penalty }: PenalisedInput) {
    const rows = hidden.length / this.#hiddenSize;
    return {
      ...this.#hiddenFeed(hidden),
      seen_ids: { data: seenIds, shape: [rows, seenIds.length / rows] },
      penalty: { data: Float32Array.of(penalty), shape: [1] },
    };
  }

  #hiddenFeed(hidden: Float32Array) {
    return { hidden: { data: hidden, shape: [hidden.length / this.#hiddenSize, this.#hiddenSize] } };
  }
}
