import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/terminal.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { LLAMA_3_2_1B, writeSparseCheckpoint } from '../../support/sparse-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { refusalOf, runBin, runMain } from '../run.ts';

const root = tempFolder();
const { folder } = writeRandomCheckpoint(join(root, 'checkpoint'), { exits: [1, 4] });

it('extract prints what it wrote, and the result can be imported and checked', async () => {
  const out = join(root, 'one');
  const { code, stdout } = await runMain(['extract', folder, out, '--exit', '1']);
  expect({ code, stdout }).toEqual({ code: EXIT.done, stdout: `${out}: 1 of 4 layers, 0.1 MB in 1 file\n` });
  const { stdout: info } = await runMain(['info', out, '--format', 'json']);
  expect(JSON.parse(info)).toHaveLength(1);
});

it('extract --all writes a folder for each exit', async () => {
  const out = join(root, 'all');
  const { stdout } = await runMain(['extract', folder, out, '--all']);
  expect(stdout.split('\n').map((line) => line.split(':')[0])).toEqual([
    join(out, 'exit-1'),
    join(out, 'exit-4'),
    '',
  ]);
});

it.each([[[]], [['--exit', '1', '--all']], [['--exit', '1.5']], [['--exit', 'last']], [['--exit', '9']]])(
  'extract refuses %j in one line',
  async (options) => {
    const out = join(root, 'refused');
    expect(refusalOf(await runMain(['extract', folder, out, ...options]))).toContain('expected');
    expect(existsSync(out)).toBe(false);
  },
);

it('extract removes what one into the same place left when it was killed', async () => {
  const large = join(root, 'large');
  writeSparseCheckpoint(large, { ...LLAMA_3_2_1B, layers: 2 }, 1);
  const place = join(root, 'killed');
  const out = join(place, 'out');
  const left = () => (existsSync(place) ? readdirSync(place) : []);
  const { signal } = await runBin(['extract', large, out, '--exit', '2'], async (kill, ended) => {
    while (left().length === 0 && !ended()) await sleep(2);
    kill('SIGKILL');
  });
  expect(signal).toBe('SIGKILL');
  expect(left()).toEqual([expect.stringMatching(/^out\.partial-\d+$/)]);
  expect((await runMain(['extract', folder, out, '--exit', '1'])).code).toBe(EXIT.done);
  expect(left()).toEqual(['out']);
});
