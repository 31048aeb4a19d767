import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const REPOSITORY = join(import.meta.dirname, '..', '..');

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** All files below `folder` whose names match, with their text. */
export function textFiles(folder: string, name: RegExp): TextFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => name.test(file))
    .map((file) => ({ path: join(folder, file), text: readFileSync(join(folder, file), 'utf8') }));
}
