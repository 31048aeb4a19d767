/**
 * The nouns of the comparison, in the order in which data flows. Nothing here does anything; every folder under
 * `src/` speaks in these types.
 */

/** One record of an instruction set (Alpaca: `instruction`, `input`, `output`). */
export interface Instruction {
  /** First 16 hex digits of sha256 of instruction, NUL, input: the same text has the same id in every file. */
  readonly id: string;
  readonly instruction: string;
  /** `''` where the record has none. */
  readonly input: string;
  /** The known right answer, where the set has one. */
  readonly answer?: string;
  /** Family of tasks, where the set names it. */
  readonly category?: string;
}

/** Which training made a model; `plain` is a checkpoint that does not say. */
export type ModelKind = 'sft' | 'soft' | 'early-exit' | 'plain';

/** The sub-model made of the first `exit` layers, final norm and head of a model. */
export interface SubModel {
  /** Name of the model in the sweep file. */
  readonly model: string;
  /** Number of layers used, 1-based: 12 means layers 1…12. */
  readonly exit: number;
}

export type StopReason = 'eos' | 'token-limit' | 'context-end' | 'stop-text';

/** What a sub-model answered to one prompt. */
export interface Generation {
  /** Ids the model produced, the end-of-sequence id included where it was reached. */
  readonly tokenIds: readonly number[];
  readonly stopReason: StopReason;
  /** Wall time from the first prefill token to the last id; other rows shared the machine meanwhile. */
  readonly durationMs: number;
}

/** A sub-model's answer to one instruction. */
export interface Response extends SubModel, Generation {
  readonly instructionId: string;
  /** Decoded without special tokens. */
  readonly text: string;
}

/** Two models to be compared at every pair of an exit of a and an exit of b. */
export interface Comparison {
  readonly name: string;
  readonly modelA: string;
  readonly modelB: string;
  readonly exitsA: readonly number[];
  readonly exitsB: readonly number[];
}

/** One cell of a comparison's matrix: model a at one exit against model b at one exit. */
export interface Cell {
  readonly exitA: number;
  readonly exitB: number;
}

/** `ab`: the answer of model a stood in slot 1 of the judge's prompt; `ba`: in slot 2. */
export type Order = 'ab' | 'ba';

/** What the judge's text says about the two slots. */
export type SlotVerdict = '1' | '2' | 'tie' | 'malformed';

/** One reading of one pair in one order. */
export interface Verdict {
  readonly order: Order;
  readonly slotVerdict: SlotVerdict;
}

/** Whom a verdict favours once the slots are mapped back to the models. */
export type Preference = 'a' | 'b' | 'tie' | 'malformed';

/** Both orders of one pair, told as preferences between the models. */
export interface Outcome {
  readonly instructionId: string;
  readonly ab: Preference;
  readonly ba: Preference;
}

/** How the two orders of a pair become one count; see `judge/reconcile.ts`. */
export type Policy = 'average' | 'conflict-is-tie' | 'both-agree' | 'pooled';

/** What happens to a malformed verdict when counting: upstream PandaLM counts it as a tie. */
export type MalformedRule = 'tie' | 'dropped';

/**
 * Counts of one cell under one policy. Under `average` the counts are means over the two orders, so halves occur,
 * as in the paper's tables.
 */
export interface Counts {
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  readonly malformed: number;
  /** T: instructions (verdicts under `pooled`) that the counts add up to. */
  readonly total: number;
}

/** (wins − losses) / total of one cell with the counts it came from. */
export interface Score extends Counts {
  /** In [−1, 1]; positive: model a is preferred. */
  readonly score: number;
}

/** KL(reference ‖ sub-model) at one output position of one instruction. */
export interface KlValue {
  readonly instructionId: string;
  /** 0-based position in the reference's answer. */
  readonly position: number;
  readonly klNats: number;
}

/** Mean KL of one exit at one output position. */
export interface KlPoint {
  readonly exit: number;
  readonly position: number;
  readonly meanKlNats: number;
  /** Instructions whose reference answer reaches this position. */
  readonly instructions: number;
}
