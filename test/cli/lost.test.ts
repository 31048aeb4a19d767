import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/terminal.ts';
import { writeInstructions, writeSweep, writeTrio } from '../evaluate/trio.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { runBin } from './run.ts';

const folder = tempFolder();

beforeAll(() => {
  writeTrio(folder);
  writeInstructions(folder, 16);
});

const LOSSES: [string, (output: string) => void][] = [
  ['whose output folder is deleted', (output) => rmSync(output, { recursive: true })],
  ['whose output folder is moved', (output) => renameSync(output, `${output}-moved`)],
  [
    'whose results file is deleted',
    (output) => {
      for (const end of ['', '-wal', '-shm']) rmSync(join(output, `results.db${end}`), { force: true });
    },
  ],
  [
    'whose results file is renamed',
    (output) => renameSync(join(output, 'results.db'), join(output, 'old.db')),
  ],
];

describe('a sweep', () => {
  it.each(LOSSES)(
    '%s ends with one line and 2, without tables and figures of nothing',
    async (title, lose) => {
      const name = title.replaceAll(' ', '-');
      const output = join(folder, name);
      const generation = { maxNewTokens: 32, batchSize: 4 };
      const path = writeSweep(folder, { generation, output: name, speed: undefined }, `${name}.yaml`);
      const { code, stdout, stderr } = await runBin(['sweep', path], async (_, ended) => {
        while (!existsSync(join(output, 'results.db-wal')) && !ended()) await sleep(5);
        await sleep(200);
        lose(output);
      });
      expect({ code, stdout }, stderr).toEqual({ code: EXIT.badInput, stdout: '' });
      const last = stderr.trimEnd().split('\n').at(-1);
      expect(last).toMatch(
        /^sorted-eval: [^\n]+: expected [^\n]+ (was|were) (deleted or moved|replaced)[^\n]+\.$/,
      );
      expect(stderr).not.toMatch(/\n {4}at /);
    },
  );
});
