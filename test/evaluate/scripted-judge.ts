import type { Judge } from '../../src/judge/judge.ts';

export interface ScriptedJudge extends Judge {
  /** Every prompt it was asked, in order. */
  readonly asked: string[];
}

/** A judge that writes what `write` says to the texts in slots 1 and 2. */
export function scriptedJudge(
  write: (response1: string, response2: string) => string,
  key = 'scripted',
): ScriptedJudge {
  const asked: string[] = [];
  return {
    label: 'scripted judge',
    key,
    decoding: { strategy: 'scripted' },
    deviations: ['not a model'],
    asked,
    async *ask(prompts, signal) {
      for (const { tag, text } of prompts) {
        signal?.throwIfAborted();
        asked.push(text);
        const rawText = write(...slotsOf(text));
        yield { tag, rawText, stopReason: 'eos', promptTokens: 1, generatedTokens: 1, durationMs: 0 };
      }
    },
    close: async () => {},
  };
}

/** The two answers of a judge prompt. */
export function slotsOf(prompt: string): [string, string] {
  const [, rest] = prompt.split('\n\n### Response 1:\n');
  const [response1, end] = rest!.split('\n\n### Response 2:\n');
  return [response1!, end!.slice(0, end!.indexOf('\n\n### Evaluation:\n'))];
}
