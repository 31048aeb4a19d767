/**
 * A lock on a folder: an exclusive transaction on a small database in it. The operating system releases it at any death of
 * its process, `kill -9` included.
 */
import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { type Database, openDatabase } from './sqlite-driver.ts';

export interface FolderLock {
  /** Whether the file that holds the lock is still the one at its path. */
  isInPlace(): boolean;
  release(): void;
}

/** @returns `undefined` while another process, or another part of this one, holds the lock */
export function tryFolderLock(path: string): FolderLock | undefined {
  closeSync(openSync(path, 'a'));
  const inode = inodeOf(path);
  const database = openDatabase(path, 'create', 0);
  // The holder before may have removed the file between our opening it and its end: then the lock is on nothing.
  if (lock(database) && inodeOf(path) === inode) {
    return {
      isInPlace: () => inodeOf(path) === inode,
      release: () => {
        if (inodeOf(path) === inode) rmSync(path, { force: true });
        database.close();
      },
    };
  }
  database.close();
  return undefined;
}

function lock(database: Database): boolean {
  try {
    // Nothing is ever written, so no journal has to lie beside it.
    database.execute('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (/^SQLITE_BUSY/.test(String((error as { code?: unknown }).code))) return false;
    throw error;
  }
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
