/** What is known of a job's size before it starts: by this its workers are chosen. */
export interface Demand {
  /** Prompts, or whatever else more workers than that could not share. */
  readonly count: number;
  /** Model folders whose weights every worker loads. */
  readonly folders: readonly string[];
  /** Bytes that every worker takes beside its weights, such as keys and values of its batch. */
  readonly workerBytes?: number;
  /** Bytes that all workers share, for keys and values of prompts that wait or may come again. */
  readonly cacheBytes: number;
}

/** A job's work, divided. */
export interface Split<Common, Piece> {
  /** What every worker needs. */
  readonly common: Common;
  /** In the order in which workers take them; no result depends on who takes what. */
  readonly pieces: readonly Piece[];
  /** What was divided otherwise than the input has it, as a sentence. */
  readonly note?: string | undefined;
}

/**
 * A kind of work for worker threads. Inputs, pieces and items are plain data, since they cross between threads.
 */
export interface Job<Input, Common, Piece, Item> {
  demand(input: Input): Demand;
  /** In the main thread. */
  split(input: Input, workers: number): Split<Common, Piece> | Promise<Split<Common, Piece>>;
  /** In a worker: opens what it needs, yields the results of the pieces that it takes, and closes all of it. */
  run(common: Common, share: WorkerShare<Piece>): AsyncGenerator<Item>;
}

/** One worker's part of a job. */
export interface WorkerShare<Piece> {
  /** Those that this worker takes, each only when the next one is wanted. */
  readonly pieces: Iterable<Piece>;
  /** Of one run. Default: one per core. */
  readonly threads: number | undefined;
  readonly signal: AbortSignal;
}
