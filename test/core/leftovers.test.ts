import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** No system gives a process such an id. */
const DEAD = 2 ** 22 + 1;

describe('an import', () => {
  it('removes what killed imports of the same folder left beside it, and nothing else', () => {
    const root = tempFolder();
    const { folder: checkpoint } = writeRandomCheckpoint(join(root, 'checkpoint'), { layers: 2 });
    const left = [
      `out.partial-${DEAD}`,
      `other.partial-${DEAD}`,
      `out.partial-${process.ppid}`,
      'out.partial-x',
    ];
    for (const name of left) mkdirSync(join(root, name));
    writeFileSync(join(root, left[0]!, 'half'), '');
    importCheckpoint(checkpoint, join(root, 'out'));
    expect(readdirSync(root).sort()).toEqual(['checkpoint', 'out', ...left.slice(1)].sort());
  });
});
