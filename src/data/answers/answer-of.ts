/** Whether what came for a prompt is an answer, and what of it is. */

import type { Known, ResponseState } from '../../core/domain.ts';
import { codePoints, thoughtsIn, withoutEcho } from './thoughts.ts';

export const STRIPPED_PARTS = ['thoughts', 'echo'] as const;

/** What is taken out of answers: thoughts before them, a prompt that a server repeats. */
export type StrippedPart = (typeof STRIPPED_PARTS)[number];

/** What came for a prompt, as a model, a server or a file has it. */
export interface CameBack {
  /** Missing: `answered`. */
  readonly state?: ResponseState | undefined;
  /** What was generated; null: nothing. */
  readonly text: string | null;
  /** What came apart from the text: a refusal, the words of a server. */
  readonly aside?: string | undefined;
  /** Thoughts that came apart from the text. */
  readonly thoughts?: string | undefined;
}

/** What a prompt is answered with. */
export interface Answer {
  readonly state: ResponseState;
  /** The answer; null: there is none. */
  readonly text: string | null;
  /** What came, where that is not just the answer; null: nothing else. */
  readonly rawText: string | null;
  /** Code points; 0: none. */
  readonly thoughtCharacters: number;
  /** Code points of the prompt that what came begins with; 0: it does not. */
  readonly echoCharacters: number;
}

export interface AnswerSettings {
  /** As it was sent. */
  readonly prompt: string;
  /** What its form ends with, after all that others typed; missing: nothing that opens thoughts. */
  readonly opening?: string | undefined;
  readonly strip: readonly StrippedPart[];
}

/**
 * Thoughts and a repeated prompt are counted, and taken out where `strip` names them. Thoughts that do not end, or that nothing
 * follows, are no answer.
 */
export function answerOf(came: CameBack, { prompt, opening, strip }: AnswerSettings): Answer {
  const { state = 'answered', text, aside, thoughts = '' } = came;
  const apart = codePoints(thoughts);
  if (state !== 'answered' || text === null)
    return unanswered(state === 'answered' ? 'no_content' : state, text || aside || thoughts || null, apart);
  const own = withoutEcho(text, prompt) ?? text;
  const echo = text.slice(0, text.length - own.length);
  const found = thoughtsIn(own, opening);
  const thoughtCharacters = apart + (found?.characters ?? 0);
  const counts = { thoughtCharacters, echoCharacters: codePoints(echo) };
  if (found && !found.rest) {
    const missing = found.rest === undefined ? 'cut_in_reasoning' : 'no_content';
    return { ...unanswered(missing, text, apart), ...counts };
  }
  const kept =
    (strip.includes('echo') ? '' : echo) + (strip.includes('thoughts') ? (found?.rest ?? own) : own);
  return { state, text: kept, rawText: kept === text ? null : text, ...counts };
}

/** Facts about a text, null where they are not known. */
export function knownOf(came: Partial<Known>): Known {
  const { stopReason = null, finishReason = null } = came;
  const { promptTokens = null, generatedTokens = null, durationMs = null } = came;
  return { stopReason, finishReason, promptTokens, generatedTokens, durationMs };
}

function unanswered(state: ResponseState, rawText: string | null, thoughtCharacters: number): Answer {
  return { state, text: null, rawText, thoughtCharacters, echoCharacters: 0 };
}
