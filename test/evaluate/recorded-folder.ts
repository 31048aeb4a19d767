/** Sweeps over recorded answers and verdicts: small folders in which nothing is computed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeSweep } from './trio.ts';

export interface RecordedFolder {
  readonly folder: string;
  /** Of the sweep file. */
  readonly path: string;
  readonly output: string;
}

/** Writes files as JSON, and a sweep file without KL and speed that has `keys`. */
export function writeRecordedFolder(
  folder: string,
  files: Readonly<Record<string, unknown>>,
  keys: Readonly<Record<string, unknown>>,
): RecordedFolder {
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(folder, file), text);
  }
  const path = writeSweep(folder, { kl: undefined, ...keys });
  return { folder, path, output: join(folder, 'out') };
}
