/** One command at a time writes to an output folder: its owner. Readers need no owner. */
import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../core/errors.ts';
import { cannotMakeFolder, withStoreErrors } from './file-errors.ts';
import { type FolderLock, tryFolderLock } from './folder-lock.ts';

const LOCK_FILE = '.owner.db';
/** Who holds the lock, for the others' message. */
const NAME_FILE = '.owner.txt';
const RETRY_MS = 100;

export interface FolderOwner {
  /** @throws InputError `not-writable` when the folder was deleted, moved or replaced */
  requireFolder(): void;
  /** Also removes the folder if it was made for this owner and nothing is in it. */
  release(): void;
}

export interface OwnOptions {
  /** `false`: a folder with another owner is refused. */
  readonly wait: boolean;
  readonly note: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes this process the owner of a folder, which is made where it does not exist; waits until the owner before has ended.
 * @throws InputError `in-use` where another command works in it and `wait` is false; `not-writable`; the signal's reason
 * when it is aborted
 */
export async function ownFolder(folder: string, { wait, note, signal }: OwnOptions): Promise<FolderOwner> {
  const made = makeFolder(folder);
  let lock = tryLock(folder);
  if (lock === undefined && wait) note(`Waiting for ${nameIn(folder)}, which works in ${folder}.`);
  while (lock === undefined) {
    if (!wait) throw inUse(folder);
    await sleep(RETRY_MS, undefined, { signal });
    makeFolder(folder);
    lock = tryLock(folder);
  }
  writeName(folder);
  return ownerOf(folder, lock, made);
}

/**
 * Releases the folder after an error of its owner.
 * @throws InputError `not-writable` in place of the error when the folder was lost, which explains it
 */
export function releaseAfterError(owner: FolderOwner): void {
  try {
    owner.requireFolder();
  } finally {
    owner.release();
  }
}

function ownerOf(folder: string, lock: FolderLock, made: string | undefined): FolderOwner {
  return {
    requireFolder: () => {
      if (!lock.isInPlace()) throw folderLost(folder);
    },
    release: () => {
      if (lock.isInPlace()) rmSync(join(folder, NAME_FILE), { force: true });
      lock.release();
      if (made !== undefined) removeEmpty(folder, made);
    },
  };
}

function tryLock(folder: string): FolderLock | undefined {
  const path = join(folder, LOCK_FILE);
  try {
    return withStoreErrors(path, 'not-writable', () => tryFolderLock(path));
  } catch (error) {
    // Of the file system, such as EACCES in the folder of another user.
    throw (error as NodeJS.ErrnoException).syscall === undefined ? error : cannotMakeFolder(folder, error);
  }
}

/** @returns the topmost folder that was made */
function makeFolder(folder: string): string | undefined {
  try {
    return mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw cannotMakeFolder(folder, error);
  }
}

/** A command that is refused leaves nothing behind. */
function removeEmpty(folder: string, top: string): void {
  try {
    rmdirSync(folder);
    if (folder !== top) removeEmpty(dirname(folder), top);
  } catch {
    // Something is in it, or it is gone.
  }
}

function writeName(folder: string): void {
  const command = ['sorted-eval', ...process.argv.slice(2)].join(' ');
  const name = `process ${process.pid} (${command.slice(0, 200)}) since ${new Date().toISOString()}`;
  try {
    writeFileSync(join(folder, NAME_FILE), `${name}\n`);
  } catch {
    // A full disk: the others wait without a name, and what this command has to write will tell.
  }
}

/** The owner may be about to write its name, or to end. */
function nameIn(folder: string): string {
  try {
    return readFileSync(join(folder, NAME_FILE), 'utf8').trim() || 'another command';
  } catch {
    return 'another command';
  }
}

function inUse(folder: string): InputError {
  return new InputError({
    code: 'in-use',
    where: folder,
    expected: 'an output folder that no other command writes to',
    found: nameIn(folder),
    fix: 'Wait for it, leave out --no-wait, or name another output folder.',
  });
}

function folderLost(folder: string): InputError {
  return new InputError({
    code: 'not-writable',
    where: folder,
    expected: 'the output folder that this command works in',
    found: 'another one, or none: it was deleted or moved',
    fix: 'Leave the output folder alone while a command runs, and run the command again.',
  });
}
