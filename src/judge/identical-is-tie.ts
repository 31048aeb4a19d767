import { knownOf } from '../data/answers/answer-of.ts';
import type { Judge, JudgeAnswer, JudgePrompt, JudgeReply } from './judge.ts';

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
    if (isIdentical(judge, prompt)) yield { tag: prompt.tag, ...notAsked(judge) };
    else open.push(prompt);
  }
  yield* judge.ask(open, signal);
}

function notAsked({ protocol }: Judge): JudgeAnswer {
  const text = { state: 'answered', rawText: protocol.tieText, parsedText: null } as const;
  return { ...text, thoughtCharacters: 0, echoCharacters: 0, ...knownOf({}) };
}

/** As the judge would read them; a prompt without its pair goes to the judge. */
function isIdentical<Tag>({ protocol }: Judge, { pair }: JudgePrompt<Tag>): boolean {
  if (pair === undefined) return false;
  const [first, second] = protocol.prompt(pair).shortenable;
  return first === second;
}
