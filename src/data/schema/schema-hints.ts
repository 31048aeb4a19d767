/** What a misspelled key or choice was most likely meant to be. */
import { misspelled } from '../../core/nearest.ts';

/** More keys than a line can name. */
const MAX_LISTED = 12;

/**
 * Known keys by the list of unknown ones that an issue carries: zod hands the list on, but of the schema nothing.
 */
const knownKeys = new WeakMap<readonly string[], readonly string[]>();

/** Called where the schema is still at hand. */
export function rememberKeys(unknown: readonly string[], known: readonly string[]): void {
  knownKeys.set(unknown, known);
}

/** For unknown keys: `Did you mean comparisons?`, or which there are. */
export function keysHint(unknown: readonly string[]): string {
  return wordsFor(unknown[0]!, knownKeys.get(unknown) ?? [], 'Known keys');
}

/** For the keys of an object that has none of `known`. */
export function missingKeyHint(written: readonly string[], known: readonly string[]): string {
  const meant = written.map((key) => misspelled(key, known)).find((key) => key !== undefined);
  return meant === undefined ? '' : `Did you mean ${meant}?`;
}

export function nearestHint(value: unknown, choices: readonly unknown[]): string {
  if (typeof value !== 'string') return '';
  return missingKeyHint(
    [value],
    choices.filter((choice) => typeof choice === 'string'),
  );
}

function wordsFor(word: string, known: readonly string[], title: string): string {
  const meant = misspelled(word, known);
  if (meant !== undefined) return `Did you mean ${meant}?`;
  return known.length === 0 || known.length > MAX_LISTED ? '' : `${title}: ${known.join(', ')}.`;
}
