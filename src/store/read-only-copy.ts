/** A results file of others, in a folder where SQLite cannot put what WAL mode needs beside it. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../core/errors.ts';
import { type Database, openDatabase, openMemory } from './sqlite-driver.ts';
import { withoutWalMode } from './wal-mode.ts';

/**
 * A copy in memory with the same rows: of the file alone where no log lies beside it, else of both, put together in a folder
 * for temporary files.
 * @throws InputError `not-readable` where the file changes meanwhile
 */
export function openCopy(path: string): Database {
  const wal = `${path}-wal`;
  if (sizeOf(wal) === 0) return openMemory(withoutWalMode(readFileSync(path)));
  const folder = mkdtempSync(join(tmpdir(), 'sorted-eval-'));
  try {
    const [copy, before] = [join(folder, 'results.db'), stateOf(path)];
    copyFileSync(path, copy);
    copyFileSync(wal, `${copy}-wal`);
    if (stateOf(path) !== before) throw changing(path);
    return openMemory(imageOf(copy));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Opening it writes the log into the copy's file. */
function imageOf(copy: string): Uint8Array {
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

function stateOf(path: string): string {
  const states = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false }));
  return states.map((state) => `${state?.size} ${state?.mtimeMs}`).join();
}

function changing(path: string): InputError {
  const fix = 'Wait until its writer has finished, or have its owner make the folder writable.';
  const expected = 'a results file that nobody writes to, in a folder that cannot be written';
  return new InputError({ code: 'not-readable', where: path, expected, found: 'one that changes', fix });
}
