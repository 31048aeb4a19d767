/** A results file can be deleted, moved or replaced while it is open: SQLite would go on writing to what has no name. */
import { statSync } from 'node:fs';
import { InputError } from '../core/errors.ts';

/**
 * @param path of an open database; its log lies beside it
 * @returns a check that both are the files that lay there at this call; it throws InputError `not-writable`
 */
export function fileInPlace(path: string): () => void {
  const files = [path, `${path}-wal`].map((file) => [file, identityOf(file)] as const);
  return () => {
    for (const [file, identity] of files) {
      // A database that has no log at first may get one.
      if (identity !== undefined && identityOf(file) !== identity) throw lost(file);
    }
  };
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
