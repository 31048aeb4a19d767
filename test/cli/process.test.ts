import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/terminal.ts';
import { writeInstructions, writeSweep, writeTrio } from '../evaluate/trio.ts';
import { importRandomModel } from '../support/random-model.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { runBin } from './run.ts';

const folder = tempFolder();
let sweep: (output: string) => string;

beforeAll(() => {
  writeTrio(folder);
  writeInstructions(folder, 16);
  sweep = (output) => {
    const generation = { maxNewTokens: 32, batchSize: 4 };
    return writeSweep(folder, { generation, output, kl: undefined, speed: undefined }, `${output}.yaml`);
  };
});

/** Waits until threads compute: the results file is the last thing before them. */
async function untilComputing(output: string, ended: () => boolean, moreMs = 0): Promise<void> {
  while (!existsSync(join(folder, output, 'results.db')) && !ended()) await sleep(5);
  await sleep(moreMs);
}

describe('signals', () => {
  it.each([0, 60, 150, 300])(
    'two within 10 ms end a sweep without an abort (%i ms later)',
    async (moreMs) => {
      const output = `twice-${moreMs}`;
      const { code, signal, stderr } = await runBin(['generate', sweep(output)], async (kill, ended) => {
        await untilComputing(output, ended, moreMs);
        kill('SIGINT');
        await sleep(10);
        kill('SIGINT');
      });
      // 130 for a shell in both cases.
      expect([EXIT.interrupted, 'SIGINT'], stderr).toContain(signal ?? code);
      expect(stderr).toMatch(/Interrupted\. What was stored is whole/);
    },
  );

  it('SIGHUP ends a sweep as SIGTERM does: with 130 and one line', async () => {
    const { code, stderr } = await runBin(['generate', sweep('hang-up')], async (kill, ended) => {
      await untilComputing('hang-up', ended);
      kill('SIGHUP');
    });
    expect(code, stderr).toBe(EXIT.interrupted);
    expect(stderr).toMatch(/Interrupted\. [^\n]+\n$/);
  });
});

/** Runs with a full disk behind one of the streams. */
async function onFullDisk(args: readonly string[], stream: 'stdoutFile' | 'stderrFile') {
  const full = openSync('/dev/full', 'w');
  try {
    return await runBin(args, undefined, [], { [stream]: full });
  } finally {
    closeSync(full);
  }
}

describe.skipIf(!existsSync('/dev/full'))('streams that break', () => {
  it('do not end a sweep whose progress cannot be shown', async () => {
    const { code, signal } = await onFullDisk(['generate', sweep('full-stderr')], 'stderrFile');
    expect({ code, signal }).toEqual({ code: EXIT.done, signal: null });
  });

  it('leave a command its own exit code where nobody reads what it prints', { timeout: 60_000 }, async () => {
    const path = sweep('unread');
    const bin = join(process.env['SORTED_EVAL_COMPILED']!, 'bin.js');
    const { code } = await runBin(['sweep', path]);
    const line = 'set -o pipefail; "$0" "$@" 2>&- | true';
    const { status } = spawnSync('bash', ['-c', line, process.execPath, bin, 'sweep', path]);
    expect(status).toBe(code);
  });

  it('end a command whose tables cannot be written with one line and 2', async () => {
    const { code, stderr } = await onFullDisk(['--help'], 'stdoutFile');
    expect({ code, lines: stderr.split('\n').length }, stderr).toEqual({ code: EXIT.badInput, lines: 2 });
    expect(stderr).toMatch(/^sorted-eval: standard output: expected room to write, found ENOSPC\./);
  });
});

/** Files are never read to their end, and nothing else keeps the process alive. */
const NEVER_READS = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
fs.createReadStream = () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) });
syncBuiltinESMExports();`;

describe('a process that runs out of work before its command has ended', () => {
  it('names that bug and ends with 1', async () => {
    const { folder: checkpoint } = importRandomModel(folder, 'hashed');
    const options = ['--import', `data:text/javascript,${encodeURIComponent(NEVER_READS)}`];
    const args = ['import', checkpoint, join(folder, 'never'), '--hash'];
    const { code, stderr } = await runBin(args, undefined, options);
    expect(code).toBe(EXIT.bug);
    expect(stderr).toMatch(/^sorted-eval: a bug: nothing is left to wait for[^\n]+\n$/);
  });
});
