import {
  type Completion,
  type CompletionPrompt,
  type CompletionSettings,
  openCompleter,
} from '../../engine/complete.ts';

export interface CompleteInput {
  /** Model folder. */
  readonly folder: string;
  readonly settings: CompletionSettings;
  /** Tagged with their index. */
  readonly prompts: readonly CompletionPrompt<number>[];
}

/** What the full depth of a model writes to each prompt, in the order in which the texts end. */
export async function* completeJob(
  { folder, settings, prompts }: CompleteInput,
  signal: AbortSignal,
): AsyncGenerator<Completion<number>> {
  const completer = await openCompleter(folder, settings);
  try {
    yield* completer.complete(prompts, signal);
  } finally {
    await completer.close();
  }
}
