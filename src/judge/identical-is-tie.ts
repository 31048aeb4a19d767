import type { Judge, JudgePrompt, JudgeReply } from './judge.ts';
import { stripResponse } from './judge-prompt.ts';

/**
 * A judge that is not asked about two identical answers: they tie. Upstream asks, so this is a deviation, and its
 * verdicts have keys of their own.
 */
export function identicalIsTie(judge: Judge): Judge {
  return {
    ...judge,
    decoding: { ...judge.decoding, identical: 'tie' },
    deviations: [...judge.deviations, 'two identical answers tie without being judged'],
    ask: (prompts, signal) => ask(judge, prompts, signal),
  };
}

async function* ask<Tag>(
  judge: Judge,
  prompts: Iterable<JudgePrompt<Tag>>,
  signal?: AbortSignal,
): AsyncGenerator<JudgeReply<Tag>> {
  const open: JudgePrompt<Tag>[] = [];
  for (const prompt of prompts) {
    if (isIdentical(prompt)) yield { tag: prompt.tag, ...UNASKED };
    else open.push(prompt);
  }
  yield* judge.ask(open, signal);
}

const UNASKED = {
  rawText: 'Tie',
  stopReason: 'eos',
  promptTokens: 0,
  generatedTokens: 0,
  durationMs: 0,
} as const;

/** As the judge would see them; a prompt whose answers are not known apart is asked. */
function isIdentical<Tag>({ pair }: JudgePrompt<Tag>): boolean {
  return pair !== undefined && stripResponse(pair.responses[0]) === stripResponse(pair.responses[1]);
}
