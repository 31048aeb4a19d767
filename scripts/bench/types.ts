/** Messages between the bench's processes, as JSON: a job goes to a program, a result comes back. */

/** Greedy answers to prompts at several exits. */
export interface AnswerJob {
  /** Where each exit's sub-model lies, in the baseline's own format; ours and PyTorch take one for all. */
  readonly models: Readonly<Record<number, string>>;
  readonly exits: readonly number[];
  /** Token ids. */
  readonly prompts: readonly (readonly number[])[];
  readonly newTokens: number;
  /** Where there are several, a short trial at the first exit chooses. */
  readonly batchSizes: readonly number[];
  readonly threads: number;
  readonly eosTokenIds: readonly number[];
}

export interface OwnAnswerJob extends AnswerJob {
  /** The prompts as texts, which our engine encodes itself before the clock starts. */
  readonly texts: readonly string[];
}

export interface AnswerResult {
  /** Name and version of what ran. */
  readonly engine: string;
  readonly batchSize: number;
  readonly trials: readonly { readonly batchSize: number; readonly seconds: number }[];
  /** Opening models, not part of `seconds`. */
  readonly loadSeconds: number;
  readonly seconds: number;
  readonly secondsByExit?: Readonly<Record<number, number>>;
  /** By exit, then prompt; an end token at the end or not. */
  readonly answers: Readonly<Record<number, readonly (readonly number[])[]>>;
}

export interface JudgeJob {
  /** Checkpoint, or our model folder. */
  readonly model: string;
  readonly prompts: readonly string[];
  /** The same as token ids, for baselines that share no tokenizer with us. */
  readonly promptIds: readonly (readonly number[])[];
  readonly newTokens: number;
  readonly batchSize: number;
  readonly threads: number;
  readonly beamRule: 'transformers-4.28' | 'transformers-4.36';
}

export interface JudgeResult {
  readonly engine: string;
  readonly loadSeconds: number;
  readonly seconds: number;
  readonly texts?: readonly string[];
  readonly answers?: readonly (readonly number[])[];
}

export interface SpeedJob {
  readonly model: string;
  readonly promptIds: readonly number[];
  readonly batchSizes: readonly number[];
  /** Of each of the workers that decode side by side, one for each core. */
  readonly togetherSizes: readonly number[];
  readonly steps: number;
  readonly repeats: number;
  readonly threads: number;
}

export interface SpeedResult {
  /** Median of the repeats. */
  readonly speeds: readonly {
    readonly exit: number;
    readonly batchSize: number;
    readonly tokensPerSecond: number;
  }[];
  /** At full depth, of all workers: how a sweep decodes. */
  readonly together: readonly { readonly batchSize: number; readonly tokensPerSecond: number }[];
  /** One pass of `promptIds` through all layers. */
  readonly prefillSeconds: number;
  readonly peaks: Peaks;
}

/** What the machine can do at most, as measured. */
export interface Peaks {
  readonly flopsPerSecond: number;
  /** Bytes read plus bytes written. */
  readonly bytesPerSecond: number;
}

export interface KlJob {
  readonly model: string;
  readonly prompts: readonly (readonly number[])[];
  readonly positions: number;
}

export interface KlResult {
  readonly klSeconds: number;
  /** One teacher-forced pass and the eight heads on the same positions. */
  readonly baselineSeconds: number;
}

/** What every child process adds. */
export interface Measured<Result> {
  readonly result: Result;
  readonly peakMemoryMb: number;
}
