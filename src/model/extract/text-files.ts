import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files of tokenizers in all their forms, the settings of generation, and the license, which goes with the weights. */
const TEXT_FILE =
  /^(?:tokenizer(?:[._].+)?|special_tokens_map\.json|added_tokens\.json|vocab\.(?:json|txt)|merges\.txt|tekken\.json|chat_template\.\w+|generation_config\.json|(?:LICENSE|NOTICE|USE_POLICY)(?:\.\w+)?)$/i;

/**
 * Copies the files that are no weights, as they are. A file of a later folder is left out if the folders hold different
 * files of one name: it may belong to the other tokenizer.
 * @returns what is to be said about it
 */
export function copyTextFiles(folders: readonly string[], out: string): string[] {
  const [first, ...others] = folders as readonly [string, ...string[]];
  for (const name of textFilesIn(first)) copyFileSync(join(first, name), join(out, name));
  return others.flatMap((other) => copyMissing(other, first, out));
}

function textFilesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter(
      (name) => TEXT_FILE.test(name) && statSync(join(folder, name), { throwIfNoEntry: false })?.isFile(),
    )
    .sort();
}

function copyMissing(other: string, first: string, out: string): string[] {
  const names = textFilesIn(other);
  const differs = names.find(
    (name) => existsSync(join(first, name)) && !areEqual(join(first, name), join(other, name)),
  );
  const missing = names.filter((name) => !existsSync(join(first, name)));
  if (missing.length === 0) return [];
  if (differs !== undefined) {
    return [`${missing.join(', ')} of ${other} left out: its ${differs} is another by now`];
  }
  for (const name of missing) copyFileSync(join(other, name), join(out, name));
  return [];
}

const areEqual = (a: string, b: string) => readFileSync(a).equals(readFileSync(b));
