import type { Completer } from '../judge/completer.ts';
import {
  completionSettings,
  describeLocalCompleter,
  type LocalCompleterOptions,
} from '../judge/local-completer.ts';
import { completeInWorkers } from '../worker/complete-in-workers.ts';
import { jobRunner, type WorkerOptions } from '../worker/job-runner.ts';

/**
 * The full depth of a model folder as a completer in worker threads. It is loaded for each call of
 * `complete`.
 * @throws InputError when the folder does not fit
 */
export async function openFolderCompleter(
  folder: string,
  options: LocalCompleterOptions,
  workers: WorkerOptions,
): Promise<Completer> {
  const job = jobRunner(workers);
  const settings = completionSettings(options);
  return {
    ...(await describeLocalCompleter(folder, options)),
    complete: (prompts, signal) => completeInWorkers(folder, settings, prompts, { signal, job }),
    close: async () => {},
  };
}
