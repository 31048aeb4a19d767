import type { Completer } from '../../src/judge/completer.ts';
import { type Judge, judgeOf } from '../../src/judge/judge.ts';
import { pandalm } from '../../src/judge/protocols/pandalm.ts';

export interface ScriptedCompleter extends Completer {
  /** Every prompt that it completed, in order. */
  readonly asked: string[];
}

/** A completer that writes what \`write\` makes of a prompt. */
export function scriptedCompleter(write: (prompt: string) => string, key = 'scripted'): ScriptedCompleter {
  const asked: string[] = [];
  return {
    label: 'scripted judge',
    key,
    decoding: { strategy: 'scripted' },
    settings: { source: 'other', deviations: ['not a model'] },
    asked,
    async *complete(prompts, signal) {
      for (const { tag, text: prompt } of prompts) {
        signal?.throwIfAborted();
        asked.push(prompt);
        const text = write(prompt);
        yield { tag, text, stopReason: 'eos', promptTokens: 1, generatedTokens: 1, durationMs: 0 };
      }
    },
    close: async () => {},
  };
}

export interface ScriptedJudge extends Judge {
  readonly asked: string[];
}

/** A PandaLM judge that writes what \`write\` makes of the texts in slots 1 and 2. */
export function scriptedJudge(
  write: (response1: string, response2: string) => string,
  key = 'scripted',
): ScriptedJudge {
  const completer = scriptedCompleter((prompt) => write(...slotsOf(prompt)), key);
  return { ...judgeOf(pandalm, completer), asked: completer.asked };
}

/** The two responses of a PandaLM prompt. */
export function slotsOf(prompt: string): [string, string] {
  const [, rest] = prompt.split('\n\n### Response 1:\n');
  const [response1, end] = rest!.split('\n\n### Response 2:\n');
  return [response1!, end!.slice(0, end!.indexOf('\n\n### Evaluation:\n'))];
}
