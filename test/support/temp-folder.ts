import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from './at-end.ts';

/** A folder that is gone once the calling test is over, or outside of a test all those of the calling file. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sorted-eval-test-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
