import { readFileSync } from 'node:fs';
import { InputError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import { type RecordedJudgement, readRecordedJudgements } from '../data/recorded-judgements.ts';
import type { Judge, JudgePrompt, JudgeReply } from '../judge/judge.ts';
import { judgePrompt } from '../judge/judge-prompt.ts';

export interface RecordedJudgeOptions {
  readonly label: string;
  readonly verdicts: string;
  /** Labelled pairs, where `verdicts` is one of PandaLM's results, which know pairs by `idx` only. */
  readonly pairs?: string | undefined;
}

/**
 * A judge whose every word is in a file. What it was not asked then it does not know now.
 * @throws InputError where the file is not what it should be, or says two things about one prompt
 */
export function openRecordedJudge({ label, verdicts, pairs }: RecordedJudgeOptions): Judge {
  const textOf = textsByPrompt(readRecordedJudgements(verdicts, pairs));
  const files = [verdicts, pairs].filter((path) => path !== undefined);
  return {
    label,
    key: sha256(
      JSON.stringify({ kind: 'recorded judge', files: files.map((path) => sha256(readFileSync(path))) }),
    ),
    decoding: { strategy: 'recorded' },
    deviations: ['verdicts from a file: how they were decoded is not known'],
    ask: (prompts, signal) => ask(textOf, prompts, signal),
    close: async () => {},
  };
}

function textsByPrompt(judgements: readonly RecordedJudgement[]): Map<string, string> {
  const textOf = new Map<string, string>();
  for (const judgement of judgements) {
    const prompt = judgePrompt(judgement, judgement.response1, judgement.response2);
    const known = textOf.get(prompt);
    if (known !== undefined && known !== judgement.rawText) throw contradiction(judgement);
    textOf.set(prompt, judgement.rawText);
  }
  return textOf;
}

async function* ask<Tag>(
  textOf: ReadonlyMap<string, string>,
  prompts: Iterable<JudgePrompt<Tag>>,
  signal?: AbortSignal,
): AsyncGenerator<JudgeReply<Tag>> {
  for (const { tag, text } of prompts) {
    signal?.throwIfAborted();
    const rawText = textOf.get(text);
    if (rawText === undefined) yield { tag, error: 'the file has no verdict on this pair in this order' };
    else yield { tag, rawText, stopReason: 'eos', promptTokens: 0, generatedTokens: 0, durationMs: 0 };
  }
}

function contradiction({ where }: RecordedJudgement): InputError {
  return new InputError({
    code: 'bad-results',
    where,
    expected: 'one verdict for each pair in each order',
    found: 'another verdict on a pair that the file has already',
    fix: 'Remove one of the two.',
  });
}
