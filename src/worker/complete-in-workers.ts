import type { Completion, CompletionPrompt, CompletionSettings } from '../engine/complete.ts';
import { runJob } from './run-job.ts';

interface CompleteOptions {
  readonly signal?: AbortSignal | undefined;
  /** How the job runs. Default: in one worker. */
  readonly job?: typeof runJob;
}

/**
 * Completes prompts in workers with the full depth of a model folder, which is loaded for this call and freed
 * after it. Completions come in any order, each with its prompt's tag.
 * @throws InputError when the folder does not fit; the signal's reason when it is aborted
 */
export async function* completeInWorkers<Tag>(
  folder: string,
  settings: CompletionSettings,
  prompts: Iterable<CompletionPrompt<Tag>>,
  { signal, job = runJob }: CompleteOptions = {},
): AsyncGenerator<Completion<Tag>> {
  // Tags may be anything; what crosses to a thread must be plain data.
  const tags: Tag[] = [];
  const indexed: CompletionPrompt<number>[] = [];
  for (const { tag, text, parts } of prompts) {
    indexed.push({ tag: tags.length, text, parts });
    tags.push(tag);
  }
  if (indexed.length === 0) return;
  for await (const completion of job('complete', { folder, settings, prompts: indexed }, signal))
    yield { ...completion, tag: tags[completion.tag]! };
}
