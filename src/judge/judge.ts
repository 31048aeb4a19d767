import type { Known, ResponseState } from '../core/domain.ts';
import { type AnswerSettings, answerOf, knownOf, type StrippedPart } from '../data/answers/answer-of.ts';
import type { Completer, CompleterPrompt, Completion } from './completer.ts';
import type { JudgeModel } from './judge-model.ts';
import type { CompleterDecoding } from './protocols/completer-settings.ts';
import type { JudgeProtocol, ResponsePair } from './protocols/judge-protocol.ts';
import { protocolSetting } from './protocols/protocols.ts';

/** What a judge wrote about one prompt. */
export interface JudgeAnswer extends Known {
  /** Without `answered` the verdict is malformed. */
  readonly state: ResponseState;
  /** Only what the judge generated, never the prompt; null: nothing. */
  readonly rawText: string | null;
  /** What the verdict is read from, if `strip` makes that another text; null: `rawText`. */
  readonly parsedText: string | null;
  readonly thoughtCharacters: number;
  readonly echoCharacters: number;
  /** Tokens of the responses that did not fit into the judge's context; missing where all did. */
  readonly cutTokens?: number;
}

/** A prompt without a text; nothing is stored for it, so the next call tries again. */
export interface JudgeFailure {
  /** Why, in a few words. */
  readonly error: string;
}

export type JudgeReply<Tag> = { readonly tag: Tag } & (JudgeAnswer | JudgeFailure);

export type JudgeDecoding = CompleterDecoding;

export interface JudgePrompt<Tag> {
  readonly tag: Tag;
  readonly text: string;
  /** What the text was made of, for a judge that shortens it; without it the text stays whole. */
  readonly pair?: ResponsePair;
}

/**
 * An LLM judge: a protocol that makes prompts and reads verdicts, and a completer that writes the texts
 * between.
 */
export interface Judge {
  readonly label: string;
  /** Missing: not known. */
  readonly model?: JudgeModel | undefined;
  /** Content key of the completer. */
  readonly key: string;
  readonly protocol: JudgeProtocol;
  /** Part of the key of every judgement. */
  readonly decoding: JudgeDecoding;
  /**
   * How it differs from the settings of the protocol's authors, in a few words each; shown wherever its
   * verdicts appear.
   */
  readonly deviations: readonly string[];
  /**
   * Longer prompts are shortened before they are sent; missing where any length is taken, or shortened by the
   * completer.
   */
  readonly maxPromptCharacters?: number | undefined;
  /** Replies come in any order, each with its prompt's tag; one that failed does not end the others. */
  ask<Tag>(prompts: Iterable<JudgePrompt<Tag>>, signal?: AbortSignal): AsyncGenerator<JudgeReply<Tag>>;
  close(): Promise<void>;
}

/** @param strip what is taken out of the judge's texts before they are read */
export function judgeOf(
  protocol: JudgeProtocol,
  completer: Completer,
  strip: readonly StrippedPart[] = [],
): Judge {
  const { label, model, key, decoding, settings, maxPromptCharacters } = completer;
  return {
    label,
    model,
    key,
    protocol,
    decoding: { ...decoding, ...protocolSetting(protocol), ...(strip.length > 0 && { strip }) },
    deviations: [...protocol.deviations(settings), ...strip.map((part) => STRIP_DEVIATIONS[part])],
    maxPromptCharacters,
    ask: (prompts, signal) => ask({ protocol, completer, strip }, prompts, signal),
    close: () => completer.close(),
  };
}

const STRIP_DEVIATIONS: Readonly<Record<StrippedPart, string>> = {
  thoughts: 'thoughts before the verdict are taken out',
  echo: 'a repeated prompt before the verdict is taken out',
};

interface Asking {
  readonly protocol: JudgeProtocol;
  readonly completer: Completer;
  readonly strip: readonly StrippedPart[];
}

async function* ask<Tag>(
  { protocol, completer, strip }: Asking,
  prompts: Iterable<JudgePrompt<Tag>>,
  signal?: AbortSignal,
): AsyncGenerator<JudgeReply<Tag>> {
  for await (const { tag: asked, ...reply } of completer.complete(inParts(protocol, prompts), signal)) {
    const { tag, text: prompt } = asked;
    if ('error' in reply) yield { tag, error: reply.error };
    // Shorter prompts would get a verdict: `maxPromptCharacters`. A model folder has shortened what it may.
    else if (reply.state === 'prompt_too_long' && completer.settings.source !== 'folder')
      yield { tag, error: reply.aside ?? 'the prompt is too long' };
    else yield { tag, ...judgeAnswer(reply, { prompt, strip }) };
  }
}

function judgeAnswer(completion: Completion, settings: AnswerSettings): JudgeAnswer {
  const { state, text, rawText, ...counts } = answerOf(completion, settings);
  const { truncatedTokens } = completion;
  return {
    ...{ state, rawText: rawText ?? text, parsedText: rawText === null ? null : text },
    ...counts,
    ...knownOf(completion),
    ...(truncatedTokens && { cutTokens: truncatedTokens }),
  };
}

function* inParts<Tag>(
  protocol: JudgeProtocol,
  prompts: Iterable<JudgePrompt<Tag>>,
): Generator<CompleterPrompt<JudgePrompt<Tag>>> {
  for (const prompt of prompts) {
    const { text, pair } = prompt;
    yield { tag: prompt, text, ...(pair && { parts: protocol.prompt(pair) }) };
  }
}
