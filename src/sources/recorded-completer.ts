import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { orderedKey } from '../core/content-key.ts';
import { InputError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import { promptText } from '../data/prompt-parts.ts';
import { type RecordedJudgement, readRecordedJudgements } from '../data/recorded/recorded-judgements.ts';
import type { Completer, CompleterPrompt, CompleterReply } from '../judge/completer.ts';
import type { JudgeProtocol } from '../judge/protocols/judge-protocol.ts';

export interface RecordedCompleterOptions {
  readonly label: string;
  /** One or several: a judge's program may write a file for each order. */
  readonly verdicts: readonly string[];
  /** Labelled pairs, where `verdicts` is one of PandaLM's result files, which name pairs by `idx` only. */
  readonly pairs?: string | undefined;
}

/** What a file has for a prompt. */
type Recorded = { readonly text: string } | { readonly error: string };

/**
 * A judge's recorded texts. Pairs missing from the files cannot be judged.
 * @param protocol makes of each recorded pair the prompt under which its text is found
 * @throws InputError where a file is not what it should be, or has two texts for one prompt
 */
export function openRecordedCompleter(
  { label, verdicts, pairs }: RecordedCompleterOptions,
  protocol: Pick<JudgeProtocol, 'prompt'>,
): Completer {
  const judgements = verdicts.flatMap((path) => readRecordedJudgements(path, pairs));
  const recorded = recordedByPrompt(judgements, protocol);
  const files = [...verdicts, ...(pairs === undefined ? [] : [pairs])];
  return {
    label,
    model: {
      name: label,
      parameters: null,
      source: `recorded in ${verdicts.map((path) => basename(path)).join(', ')}`,
    },
    key: orderedKey({ kind: 'recorded judge', files: files.map((path) => sha256(readFileSync(path))) }),
    decoding: { strategy: 'recorded' },
    settings: { source: 'recorded' },
    complete: (prompts, signal) => complete(recorded, prompts, signal),
    close: async () => {},
  };
}

/** By the sha256 of the prompt's text, which is its id for people who judge elsewhere. */
function recordedByPrompt(
  judgements: readonly RecordedJudgement[],
  protocol: Pick<JudgeProtocol, 'prompt'>,
): Map<string, Recorded> {
  const recorded = new Map<string, Recorded>();
  for (const judgement of judgements) {
    const id = 'id' in judgement ? judgement.id : idOf(judgement, protocol);
    const found = 'error' in judgement ? { error: judgement.error } : { text: judgement.rawText };
    const known = recorded.get(id);
    if (known !== undefined && 'text' in known && 'text' in found && known.text !== found.text)
      throw contradiction(judgement);
    // A second try may have succeeded.
    if (known === undefined || 'text' in found) recorded.set(id, found);
  }
  return recorded;
}

function idOf(
  { response1, response2, ...instruction }: Extract<RecordedJudgement, { response1: string }>,
  protocol: Pick<JudgeProtocol, 'prompt'>,
): string {
  return sha256(promptText(protocol.prompt({ instruction, responses: [response1, response2] })));
}

async function* complete<Tag>(
  recorded: ReadonlyMap<string, Recorded>,
  prompts: Iterable<CompleterPrompt<Tag>>,
  signal?: AbortSignal,
): AsyncGenerator<CompleterReply<Tag>> {
  for (const { tag, text: prompt } of prompts) {
    signal?.throwIfAborted();
    const found = recorded.get(sha256(prompt));
    if (found === undefined) yield { tag, error: 'the file has no verdict on this pair in this order' };
    else if ('error' in found) yield { tag, error: found.error };
    else yield { tag, text: found.text };
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
