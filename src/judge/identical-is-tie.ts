import type { Judge, JudgePrompt, JudgeReply } from './judge.ts';

/**
 * A judge that does not read two identical responses: they tie. The protocols' authors let the judge read
 * them, so this is a deviation, and its verdicts have keys of their own.
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
    if (isIdentical(judge, prompt)) yield { tag: prompt.tag, rawText: judge.protocol.tieText, ...NOT_ASKED };
    else open.push(prompt);
  }
  yield* judge.ask(open, signal);
}

const NOT_ASKED = { stopReason: 'eos', promptTokens: 0, generatedTokens: 0, durationMs: 0 } as const;

/** As the judge would read them; a prompt without its pair goes to the judge. */
function isIdentical<Tag>({ protocol }: Judge, { pair }: JudgePrompt<Tag>): boolean {
  if (pair === undefined) return false;
  const [first, second] = protocol.prompt(pair).shortenable;
  return first === second;
}
