/** A results file can be deleted, moved or replaced while it is open: SQLite would go on writing to what has no name. */
import { statSync } from 'node:fs';
import { InputError } from '../core/errors.ts';

/**
 * @param path of an open database; its log lies beside it once something was written
 * @returns a check that both are the files that lay there first; it throws InputError `not-writable`
 */
export function fileInPlace(path: string): () => void {
  const identities = new Map<string, string>();
  const check = () => {
    for (const file of [path, `${path}-wal`]) {
      const [first, found] = [identities.get(file), identityOf(file)];
      if (first !== undefined && found !== first) throw lost(file);
      if (found !== undefined) identities.set(file, found);
    }
  };
  check();
  return check;
}

function identityOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found && `${found.dev}:${found.ino}`;
}

function lost(path: string): InputError {
  const isThere = identityOf(path) !== undefined;
  return new InputError({
    code: 'not-writable',
    where: path,
    expected: 'the results file that this command writes',
    found: isThere ? 'another file: it was replaced' : 'none: it was deleted or moved',
    fix: 'What was computed since then is lost. Leave the file alone while a command runs, and run the command again.',
  });
}
