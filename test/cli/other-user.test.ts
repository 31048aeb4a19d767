import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/database.ts';
import { openRun } from '../../src/store/tables/run-table.ts';
import { writeInstructions, writeSweep } from '../evaluate/trio.ts';
import { setup } from '../store/sample-run.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { isRoot, runAsNobody } from './as-nobody.ts';
import { refusalOf } from './run.ts';

const root = tempFolder();
chmodSync(root, 0o755);

/** A results file that nobody may read and not change, in a folder of the same kind; with or without a log beside it. */
function foreignFile(name: string, log: 'with a log' | 'without a log'): string {
  const source = join(root, `${name}-source.db`);
  const store = openStore(source);
  openRun(store, setup());
  const folder = join(root, name);
  mkdirSync(folder);
  const path = join(folder, 'results.db');
  if (log === 'without a log') store.close();
  copyFileSync(source, path);
  if (log === 'with a log') copyFileSync(`${source}-wal`, `${path}-wal`);
  store.close();
  for (const file of readdirSync(folder)) chmodSync(join(folder, file), 0o444);
  chmodSync(folder, 0o555);
  return path;
}

describe.skipIf(!isRoot)('a results file of another user, in a folder that cannot be written,', () => {
  it.each(['without a log', 'with a log'] as const)('is read %s, and stays as it is', (log) => {
    const path = foreignFile(`read ${log}`, log);
    const before = readdirSync(join(path, '..'));
    const { code, stdout, stderr } = runAsNobody(['query', 'runs', '--db', path, '--format', 'json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject([{ run: setup().run }]);
    expect(readdirSync(join(path, '..'))).toEqual(before);
  });

  it('is refused in one line by a sweep that would write to it', () => {
    const path = foreignFile('sweep', 'without a log');
    const bytes = readFileSync(path);
    writeInstructions(root, 1);
    const line = refusalOf(runAsNobody(['sweep', writeSweep(root, { output: 'sweep' })]));
    expect(line).toMatch(
      /expected a results file that can be written, found (EACCES|no permission to write)/,
    );
    expect(readFileSync(path)).toEqual(bytes);
  });
});
