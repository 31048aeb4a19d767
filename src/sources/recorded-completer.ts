import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { orderedKey } from '../core/content-key.ts';
import { InputError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import { promptText } from '../data/prompt-parts.ts';
import { type RecordedJudgement, readRecordedJudgements } from '../data/recorded-judgements.ts';
import type { Completer, CompleterPrompt, CompleterReply } from '../judge/completer.ts';
import type { JudgeProtocol } from '../judge/protocols/judge-protocol.ts';

export interface RecordedCompleterOptions {
  readonly label: string;
  readonly verdicts: string;
  /** Labelled pairs, where `verdicts` is one of PandaLM's result files, which name pairs by `idx` only. */
  readonly pairs?: string | undefined;
}

/**
 * A judge's recorded texts. Pairs missing from the file cannot be judged.
 * @param protocol makes of each recorded pair the prompt under which its text is found
 * @throws InputError where the file is not what it should be, or has two texts for one prompt
 */
export function openRecordedCompleter(
  { label, verdicts, pairs }: RecordedCompleterOptions,
  protocol: Pick<JudgeProtocol, 'prompt'>,
): Completer {
  const textOf = textsByPrompt(readRecordedJudgements(verdicts, pairs), protocol);
  const files = [verdicts, pairs].filter((path) => path !== undefined);
  return {
    label,
    model: { name: label, parameters: null, source: `recorded in ${basename(verdicts)}` },
    key: orderedKey({ kind: 'recorded judge', files: files.map((path) => sha256(readFileSync(path))) }),
    decoding: { strategy: 'recorded' },
    settings: { source: 'recorded' },
    complete: (prompts, signal) => complete(textOf, prompts, signal),
    close: async () => {},
  };
}

function textsByPrompt(
  judgements: readonly RecordedJudgement[],
  protocol: Pick<JudgeProtocol, 'prompt'>,
): Map<string, string> {
  const textOf = new Map<string, string>();
  for (const judgement of judgements) {
    const responses = [judgement.response1, judgement.response2] as const;
    const prompt = promptText(protocol.prompt({ instruction: judgement, responses }));
    const known = textOf.get(prompt);
    if (known !== undefined && known !== judgement.rawText) throw contradiction(judgement);
    textOf.set(prompt, judgement.rawText);
  }
  return textOf;
}

async function* complete<Tag>(
  textOf: ReadonlyMap<string, string>,
  prompts: Iterable<CompleterPrompt<Tag>>,
  signal?: AbortSignal,
): AsyncGenerator<CompleterReply<Tag>> {
  for (const { tag, text: prompt } of prompts) {
    signal?.throwIfAborted();
    const text = textOf.get(prompt);
    if (text === undefined) yield { tag, error: 'the file has no verdict on this pair in this order' };
    else yield { tag, text };
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
