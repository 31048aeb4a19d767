import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder that is gone once the tests of the calling file are over. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sorted-eval-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
