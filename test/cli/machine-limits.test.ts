import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asLimit } from '../../src/cli/machine-limits.ts';
import { writeInstructions, writeSweep, writeTrio } from '../evaluate/trio.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('a limit of the machine is one line of ours', () => {
  it.each([
    ['EMFILE', "EMFILE: too many open files, open 'x'", 'files that may be opened'],
    ['ERR_WORKER_OUT_OF_MEMORY', 'Worker terminated due to reaching memory limit', 'memory'],
    [undefined, 'Array buffer allocation failed', 'memory'],
    [undefined, 'std::bad_alloc', 'memory'],
    ['ENOSPC', 'ENOSPC: no space left on device, write', 'space on the disk'],
    ['EAGAIN', 'spawn EAGAIN', 'threads and processes'],
  ])('%s: %s', (code, message, expected) => {
    const limit = asLimit(Object.assign(new Error(message), code === undefined ? {} : { code }));
    expect(limit).toMatchObject({ code: 'bad-machine' });
    expect(limit?.expected).toContain(expected);
  });

  it('while every other error stays a bug', () => {
    expect(asLimit(new TypeError('x is not a function'))).toBeUndefined();
    expect(asLimit('EMFILE')).toBeUndefined();
  });

  it.each(['-n 22', '-n 24', '-n 32', '-v 1400000', '-v 2200000'])(
    'under ulimit %s',
    { timeout: 120_000 },
    (limit) => {
      const root = tempFolder();
      writeTrio(root);
      writeInstructions(root, 2);
      const bin = join(process.env['SORTED_EVAL_COMPILED']!, 'bin.js');
      const sweep = writeSweep(root);
      const line = `ulimit ${limit}; exec "$0" "$@"`;
      const { status, stderr } = spawnSync('sh', ['-c', line, process.execPath, bin, 'sweep', sweep], {
        encoding: 'utf8',
      });
      expect([0, 2, 3], stderr).toContain(status);
      if (status === 2) expect(stderr).toMatch(/sorted-eval: [^\n]+: expected [^\n]+\n$/);
    },
  );
});
