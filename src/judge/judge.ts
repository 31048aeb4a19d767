import type { StopReason } from '../core/domain.ts';
import type { Completer, CompleterPrompt } from './completer.ts';
import type { JudgeModel } from './judge-model.ts';
import type { CompleterDecoding } from './protocols/completer-settings.ts';
import type { JudgeProtocol, ResponsePair } from './protocols/judge-protocol.ts';
import { protocolSetting } from './protocols/protocols.ts';

/** What a judge wrote about one prompt. */
export interface JudgeAnswer {
  /** Only what the judge generated, never the prompt. */
  readonly rawText: string;
  readonly stopReason: StopReason;
  readonly promptTokens: number;
  readonly generatedTokens: number;
  readonly durationMs: number;
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

export function judgeOf(protocol: JudgeProtocol, completer: Completer): Judge {
  const { label, model, key, decoding, settings, maxPromptCharacters } = completer;
  return {
    label,
    model,
    key,
    protocol,
    decoding: { ...decoding, ...protocolSetting(protocol) },
    deviations: protocol.deviations(settings),
    maxPromptCharacters,
    ask: (prompts, signal) => ask(protocol, completer, prompts, signal),
    close: () => completer.close(),
  };
}

async function* ask<Tag>(
  protocol: JudgeProtocol,
  completer: Completer,
  prompts: Iterable<JudgePrompt<Tag>>,
  signal?: AbortSignal,
): AsyncGenerator<JudgeReply<Tag>> {
  for await (const reply of completer.complete(inParts(protocol, prompts), signal)) {
    if ('error' in reply) yield reply;
    else {
      const { text: rawText, truncatedTokens, ...rest } = reply;
      yield { ...rest, rawText, ...(truncatedTokens && { cutTokens: truncatedTokens }) };
    }
  }
}

function* inParts<Tag>(
  protocol: JudgeProtocol,
  prompts: Iterable<JudgePrompt<Tag>>,
): Generator<CompleterPrompt<Tag>> {
  for (const { tag, text, pair } of prompts)
    yield { tag, text, ...(pair && { parts: protocol.prompt(pair) }) };
}
