/**
 * What can be wrong with a results file, as InputError. Constraint and syntax errors stay what they are:
 * bugs.
 */
import { InputError, type InputErrorCode } from '../core/errors.ts';

/** `SORT` in ASCII: marks a results file as ours (`PRAGMA application_id`). */
export const APPLICATION_ID = 0x534f5254;

/**
 * Runs `work`; SQLite's errors about the file become InputError. `refused` is the code for a missing
 * permission.
 */
export function withStoreErrors<T>(path: string, refused: 'not-writable' | 'not-readable', work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asInputError(path, refused, error);
  }
}

/** @throws InputError `bad-results` unless sorted-eval made the file */
export function requireOwnFile(path: string, applicationId: number): void {
  if (applicationId === APPLICATION_ID) return;
  const found = 'a SQLite database of another program, or an empty one';
  throw notAResultsFile(path, found);
}

/** @throws InputError `newer-version` when the file's schema is newer than this program's */
export function requireKnownVersion(path: string, version: number, newest: number): void {
  if (version <= newest) return;
  throw new InputError({
    code: 'newer-version',
    where: path,
    expected: `results of schema version ${newest} or older`,
    found: `version ${version}`,
    fix: 'Install the sorted-eval that wrote it or a newer one, or name another results file.',
  });
}

function asInputError(path: string, refused: 'not-writable' | 'not-readable', error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (error instanceof InputError || typeof code !== 'string') return error;
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) return notAResultsFile(path, messageOf(error), error);
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return problem(path, refused, 'locked by another process', error);
  if (/^SQLITE_(CANTOPEN|READONLY|IOERR|FULL|PERM|AUTH)/.test(code)) {
    return problem(path, refused, isForbidden(code) ? 'no permission to write' : messageOf(error), error);
  }
  return error;
}

/** The file may not be written, or nothing beside it in its folder, which WAL mode needs. */
function isForbidden(code: string): boolean {
  return code === 'SQLITE_READONLY' || code === 'SQLITE_READONLY_DIRECTORY';
}

/** The folder of a results file could not be made: InputError `not-writable`. */
export function cannotMakeFolder(path: string, error: unknown): InputError {
  return problem(path, 'not-writable', messageOf(error), error);
}

function notAResultsFile(path: string, found: string, cause?: unknown): InputError {
  const fix = 'Name another file, or move this one away and run the sweep again.';
  return new InputError({
    code: 'bad-results',
    where: path,
    expected: 'a results file of sorted-eval',
    found,
    fix,
    cause,
  });
}

function problem(path: string, code: InputErrorCode, found: string, cause: unknown): InputError {
  const verb = code === 'not-writable' ? 'written' : 'read';
  const fix = 'Check the folder, its permissions and the free space, or choose another output folder.';
  return new InputError({
    code,
    where: path,
    expected: `a results file that can be ${verb}`,
    found,
    fix,
    cause,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
