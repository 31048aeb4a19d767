import type { Finished, Prompt } from '../greedy/finished.ts';
import { FullDepthModel } from '../session/full-depth-model.ts';
import { type BeamSearchSettings, beamSearch } from './beam-search.ts';

/**
 * Beam search at exits: each is opened as a model of its own, from the same files, and searches like full depth.
 * @param prompts each of one exit; those of one exit are neighbours (`byExit`)
 * @param threads of one run; default: one per core
 * @throws InputError `unknown-exit`, `bad-checkpoint`; the signal's reason when it is aborted
 */
export async function* beamsAtExits<Tag>(
  folder: string,
  prompts: Iterable<Prompt<Tag>>,
  settings: BeamSearchSettings & { readonly threads?: number | undefined },
  signal?: AbortSignal,
): AsyncGenerator<Finished<Tag>> {
  for (const { exit, own } of groupedByExit(prompts)) {
    const model = await FullDepthModel.openAt(folder, exit, settings.threads);
    try {
      yield* beamSearch(model, own, settings, signal);
    } finally {
      await model.close();
    }
  }
}

/** A prompt for each exit, those of the deepest exit first; otherwise in their order. */
export function byExit<Tag>(prompts: readonly Prompt<Tag>[]): Prompt<Tag>[] {
  const single = prompts.flatMap((prompt) => prompt.exits.map((exit) => ({ ...prompt, exits: [exit] })));
  return single.sort((left, right) => right.exits[0]! - left.exits[0]!);
}

/** Lazily: a prompt is taken when a search wants it. Each group must be read before the next one. */
function* groupedByExit<Tag>(prompts: Iterable<Prompt<Tag>>) {
  const queue = prompts[Symbol.iterator]();
  let next = queue.next();
  function* ofExit(exit: number): Generator<Prompt<Tag>> {
    for (; !next.done && next.value.exits[0] === exit; next = queue.next()) yield next.value;
  }
  while (!next.done) {
    const exit = next.value.exits[0]!;
    yield { exit, own: ofExit(exit) };
  }
}
