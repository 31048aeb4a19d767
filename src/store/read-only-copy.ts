/** A results file that is read where nothing may be put beside it. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../core/errors.ts';
import { type Database, openDatabase, openMemory } from './sqlite-driver.ts';
import { withoutWalMode } from './wal-mode.ts';

/** Times that a copy is tried anew because the file changed meanwhile. */
const MAX_TRIES = 4;

/**
 * A reader of a file in WAL mode makes files beside it, unless a writer has made them: then it is to be read as a copy.
 * @returns false for what is no database at all
 */
export function wouldWriteBeside(path: string): boolean {
  return isWalMode(path) && !existsSync(`${path}-shm`);
}

/**
 * A copy in memory with the same rows: of the file alone where no log lies beside it, else of both, put together in a folder
 * for temporary files.
 * @throws InputError `not-readable` where the file keeps changing
 */
export function openCopy(path: string): Database {
  for (let tried = 0; tried < MAX_TRIES; tried++) {
    const before = stateOf(path);
    const image = imageOf(path);
    if (stateOf(path) === before) return openMemory(image);
  }
  throw changing(path);
}

/** Another text whenever the file, or the log beside it, was written to. */
export function stateOf(path: string): string {
  const states = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false }));
  return states.map((state) => `${state?.size} ${state?.mtimeMs}`).join();
}

function imageOf(path: string): Uint8Array {
  const wal = `${path}-wal`;
  if (sizeOf(wal) === 0) return withoutWalMode(readFileSync(path));
  const folder = mkdtempSync(join(tmpdir(), 'sorted-eval-'));
  try {
    const copy = join(folder, 'results.db');
    copyFileSync(path, copy);
    copyFileSync(wal, `${copy}-wal`);
    return imageWithLog(copy);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Opening it writes the log into the copy's file. */
function imageWithLog(copy: string): Uint8Array {
  const database = openDatabase(copy, 'create');
  try {
    return database.image();
  } finally {
    database.close();
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function changing(path: string): InputError {
  const fix = 'Wait until its writer has finished.';
  const expected = 'a results file that nobody writes to meanwhile';
  return new InputError({ code: 'not-readable', where: path, expected, found: 'one that changes', fix });
}

const WAL = 2;
const VERSIONS_OFFSET = 18;

/** @returns false for what is no database, or cannot be read: opening it tells why */
function isWalMode(path: string): boolean {
  const versions = Buffer.alloc(2);
  try {
    readAt(path, versions, VERSIONS_OFFSET);
  } catch {
    return false;
  }
  return versions.every((version) => version === WAL);
}

function readAt(path: string, buffer: Buffer, offset: number): void {
  const file = openSync(path, 'r');
  try {
    readSync(file, buffer, 0, buffer.length, offset);
  } finally {
    closeSync(file);
  }
}
