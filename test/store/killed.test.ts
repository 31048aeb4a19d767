import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openReadOnlyStore } from '../../src/store/database.ts';
import { contentDump } from '../support/content-dump.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { closing } from './sample.ts';

const WRITER = join(import.meta.dirname, 'writer.ts');

describe('a results file whose writer is killed', () => {
  it('has after five kills and a last run what an undisturbed run has', async () => {
    const [undisturbed, killed] = [join(tempFolder(), 'results.db'), join(tempFolder(), 'results.db')];
    expect(await write(undisturbed, Number.POSITIVE_INFINITY)).toBe(null);
    for (const lines of [0, 3, 4, 15, 30]) expect(await write(killed, lines)).toBe('SIGKILL');
    expect(existsSync(`${killed}-wal`)).toBe(true);
    expect(await write(killed, Number.POSITIVE_INFINITY)).toBe(null);
    const dump = contentDump(closing(openReadOnlyStore(killed)));
    expect(dump).toEqual(contentDump(closing(openReadOnlyStore(undisturbed))));
    expect(dump['answer']).toHaveLength(2000);
  });
});

/** Runs the writer, kills it once it has said so many lines, and gives the signal that ended it. */
function write(path: string, lines: number): Promise<NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', WRITER, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = 0;
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString().split('\n').length - 1;
      if (said > lines) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (code, signal) =>
      code === null || code === 0 ? resolve(signal) : reject(new Error(`the writer ended with ${code}`)),
    );
  });
}
