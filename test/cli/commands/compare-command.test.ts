import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../support/temp-folder.ts';
import { refusalOf, runMain } from '../run.ts';
import { PUBLISHED, writeScoredRun } from './scored-run.ts';

const folder = tempFolder();
const db = join(folder, 'results.db');

beforeAll(() => writeScoredRun(db));

describe('compare', () => {
  it("prints a run's cells minus the paper's in 80 columns and draws them", async () => {
    const { code, stdout } = await runMain(['compare', PUBLISHED, '--db', db]);
    expect(code).toBe(0);
    // soft@3 against sft@10: −0.70 here, (16.5 − 153) / 170 in Table 4.
    expect(stdout).toMatch(/\(this run − published\)\n.*\nsoft@3 .* \+0\.10\n/);
    expect(stdout).toContain('Not compared: published baseline SFT+ICT, 64 cells');
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(existsSync(join(folder, 'published-difference.png'))).toBe(true);
  });

  it.each<[string, string[], RegExp]>([
    ['a file that is not there', ['/no.csv', '--db', db], /\/no\.csv: .*found no such file/],
    ['a file of something else', [db, '--db', db], /expected text in UTF-8/],
    ['an unknown run', [PUBLISHED, '--db', db, '--run', 'x'], /a run of .*, found "x"\. Did you mean nano\?/],
    [
      'a folder that cannot be written',
      [PUBLISHED, '--db', db, '--out', join(PUBLISHED, 'sub')],
      /expected to write a figure/,
    ],
  ])('refuses %s', async (_, args, said) => {
    expect(refusalOf(await runMain(['compare', ...args]))).toMatch(said);
  });
});
