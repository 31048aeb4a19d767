/**
 * The nouns of the comparison, in the order in which data flows: types, and each enumeration once, as the
 * array from which schemas, SQL and command line options take their values.
 */

import type { JsonValue } from './json.ts';

/** One record of an instruction set (Alpaca: `instruction`, `input`, `output`). */
export interface Instruction {
  /**
   * First 16 hex digits of sha256 of instruction, NUL, input: the same text has the same id in every file.
   */
  readonly id: string;
  readonly instruction: string;
  /** `''` where the record has none. */
  readonly input: string;
  /** The known answer, where the set has one. */
  readonly answer?: string;
  /** System text of its own, where the set has one; part of the id. */
  readonly system?: string;
  /** Family of tasks, where the set names it. */
  readonly category?: string;
  /** Other labels of the record; no result depends on them. */
  readonly metadata?: Readonly<Record<string, JsonValue>>;
}

export const MODEL_KINDS = ['sft', 'soft', 'early-exit', 'plain'] as const;

/** How a model was trained; `plain` is a checkpoint that does not state it. */
export type ModelKind = (typeof MODEL_KINDS)[number];

/** The sub-model made of the first `exit` layers, final norm and head of a model. */
export interface SubModel {
  /** Name of the model in the sweep file. */
  readonly model: string;
  /** Number of layers used, 1-based: 12 means layers 1…12. */
  readonly exit: number;
}

export const STOP_REASONS = ['eos', 'token-limit', 'context-end', 'stop-text'] as const;

/**
 * Why a response ends: its last token, the limit of new tokens, the model's context length, a text that ends
 * it.
 */
export type StopReason = (typeof STOP_REASONS)[number];

export const RESPONSE_STATES = [
  'answered',
  'prompt_too_long',
  'no_content',
  'refused',
  'cut_in_reasoning',
] as const;

/**
 * What became of a prompt. `answered`: a text came, be it empty. `prompt_too_long`: it fills the model's context.
 * `no_content`: the server's answer holds no text. `refused`: the model or a filter declined. `cut_in_reasoning`: the
 * thoughts before an answer did not end. Only what is answered is judged and counts as right or wrong.
 */
export type ResponseState = (typeof RESPONSE_STATES)[number];

export const LONG_PROMPTS = ['fail', 'skip', 'cut'] as const;

/** What happens to a prompt that leaves no room in its model's context. */
export type LongPrompts = (typeof LONG_PROMPTS)[number];

/** What a sub-model wrote to one prompt. */
export interface Generation {
  /** Ids the model produced, the end-of-sequence id included where it was reached. */
  readonly tokenIds: readonly number[];
  readonly stopReason: StopReason;
  /** Wall time from the first prefill token to the last id; other rows shared the machine meanwhile. */
  readonly durationMs: number;
}

/** What may be known of a text that came; null: it is not. */
export interface Known {
  readonly stopReason: StopReason | null;
  /** How a server says that it ended, in its own words. */
  readonly finishReason: string | null;
  readonly promptTokens: number | null;
  readonly generatedTokens: number | null;
  /** Wall time; other rows or requests shared the machine meanwhile. */
  readonly durationMs: number | null;
}

/** How deep the tokens of a response went, where depth was chosen token by token. */
export interface Depths {
  /** Adaptive depth: the exit that each token left at. */
  readonly tokenExits?: readonly number[];
  /** Beside them: where the text of each token ends, in UTF-16 units of the response's text. */
  readonly tokenEnds?: readonly number[];
  /** Speculative decoding: what became of the drafts. */
  readonly drafts?: DraftCount;
}

/** Tokens that an early exit drafted, and those of them that full depth would have chosen, too. */
export interface DraftCount {
  readonly drafted: number;
  readonly accepted: number;
}

/** A sub-model's response to one instruction. */
export interface Response extends SubModel, Known {
  readonly instructionId: string;
  readonly state: ResponseState;
  /** Decoded without special tokens; null: there is no answer. */
  readonly text: string | null;
  /** Null: not known. */
  readonly tokenIds: readonly number[] | null;
}

export const DEGENERATION_CLASSES = ['empty', 'repetitive', 'unlikely', 'ordinary'] as const;

/** Whether a response looks degenerate; `metrics/degeneration.ts` has the limits. */
export type DegenerationClass = (typeof DEGENERATION_CLASSES)[number];

/** Two models to compare at every pair of an exit of a and an exit of b. */
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

export const ORDERS = ['ab', 'ba'] as const;

/** `ab`: the response of model a stood in slot 1 of the judge's prompt; `ba`: in slot 2. */
export type Order = (typeof ORDERS)[number];

export const SLOT_VERDICTS = ['1', '2', 'tie', 'malformed'] as const;

/** What the judge's text says about the two slots. */
export type SlotVerdict = (typeof SLOT_VERDICTS)[number];

/** One reading of one pair in one order. */
export interface Verdict {
  readonly order: Order;
  readonly slotVerdict: SlotVerdict;
}

export const PREFERENCES = ['a', 'b', 'tie', 'malformed'] as const;

/** Which model a verdict favours, after mapping slots back to models. */
export type Preference = (typeof PREFERENCES)[number];

/** Which model each slot verdict favours, by order: in `ab` slot 1 is model a, in `ba` slot 1 is model b. */
export const PREFERENCE_OF: Readonly<Record<Order, Readonly<Record<SlotVerdict, Preference>>>> = {
  ab: { '1': 'a', '2': 'b', tie: 'tie', malformed: 'malformed' },
  ba: { '1': 'b', '2': 'a', tie: 'tie', malformed: 'malformed' },
};

/** Both orders of one pair as preferences between the models. */
export interface Outcome {
  readonly instructionId: string;
  readonly ab: Preference;
  readonly ba: Preference;
}

/** The outcomes of one cell. */
export interface CellOutcomes extends Cell {
  /** Pairs judged in both orders, in the order of the set. */
  readonly outcomes: readonly Outcome[];
}

export const POLICIES = ['average', 'conflict-is-tie', 'pandalm-author', 'both-agree', 'pooled'] as const;

/** How the two orders of a pair become one count; `judge/policies.ts` has rules and sources. */
export type Policy = (typeof POLICIES)[number];

export const MALFORMED_RULES = ['tie', 'dropped'] as const;

/** What happens to a malformed verdict when counting: upstream PandaLM counts it as a tie. */
export type MalformedRule = (typeof MALFORMED_RULES)[number];

export const AGREEMENT_RULES = ['tie', 'wrong', 'dropped'] as const;

/**
 * What a malformed verdict is when a judge is compared with people: `tie` counts it as one (PandaLM's way),
 * `wrong` as a verdict that no label equals, `dropped` leaves the pair out.
 */
export type AgreementRule = (typeof AGREEMENT_RULES)[number];

/**
 * Counts of one cell under one policy. Under `average` the counts are means over the two orders, so halves
 * occur, as in the paper's tables.
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

/** KL(reference model ‖ sub-model) at one output position of one instruction. */
export interface KlValue {
  readonly instructionId: string;
  /** 0-based position in the reference model's response. */
  readonly position: number;
  readonly klNats: number;
}

/** Mean KL of one exit at one output position. */
export interface KlPoint {
  readonly exit: number;
  readonly position: number;
  readonly meanKlNats: number;
  /** Instructions for which the reference model's response reaches this position. */
  readonly instructions: number;
}

/**
 * By how much an exit may be worse than full depth and still count as not worse, where the sweep file says nothing: of the
 * score, or of the share of right responses.
 */
export const DEFAULT_MARGIN = 0.1;

/** Of a timing: a view names a rank for each number of them. */
export const MAX_REPETITIONS = 100;
