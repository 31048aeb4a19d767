import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/terminal.ts';
import { readManifest } from '../../../src/model/folder/read-manifest.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { refusalOf, runMain } from '../run.ts';

const root = tempFolder();

it('import says what it made, and what it decided about unusual keys of config.json', async () => {
  const ropeScaling = { type: 'linear', factor: 2 } as const;
  const config = { pretraining_tp: 2 };
  const { folder } = writeRandomCheckpoint(join(root, 'checkpoint'), { exits: [1, 4], ropeScaling, config });
  const { code, stdout } = await runMain(['import', folder, join(root, 'out')]);
  expect(code).toBe(EXIT.done);
  expect(stdout.split('\n')).toEqual([
    `${join(root, 'out')}: sft, 4 layers, exits 1, 4`,
    'rope scaling stretches the context from 64 to 128 tokens',
    'pretraining_tp 2 is left out: it only splits the sums of training',
    '',
  ]);
});

it('import hashes the weights when it is asked to', async () => {
  const { folder } = writeRandomCheckpoint(join(root, 'to-hash'), { shards: 2 });
  const hashesOf = (out: string) => Object.values(readManifest(out).files).map((file) => file.sha256);
  const [lazy, eager] = [join(root, 'lazy'), join(root, 'eager')];
  await runMain(['import', folder, lazy]);
  expect(hashesOf(lazy)).toContain(null);
  const { code, stderr } = await runMain(['import', folder, eager, '--hash']);
  expect({ code, stderr }).toEqual({ code: EXIT.done, stderr: '' });
  expect(hashesOf(eager)).not.toContain(null);
});

it.each(['int8', 'int4'])(
  'import --precision %s makes a folder that info and doctor know',
  async (precision) => {
    const { folder } = writeRandomCheckpoint(join(root, `for-${precision}`), { exits: [1, 4] });
    const out = join(root, precision);
    expect((await runMain(['import', folder, out, '--precision', precision])).code).toBe(EXIT.done);
    const { stdout: info } = await runMain(['info', out, '--format', 'json']);
    const rows = JSON.parse(info) as {
      precision: string;
      dtype: string;
      bytes: number;
      parameters: number;
    }[];
    expect(rows[1]).toMatchObject({ precision, dtype: expect.stringContaining('U8') });
    expect(rows[1]!.bytes).toBeLessThan(2 * rows[1]!.parameters);
    const doctor = await runMain(['doctor', out]);
    expect(doctor.stdout).not.toContain('FAILED');
    expect(doctor.code).toBe(EXIT.done);
  },
);

it('import refuses a precision that it does not know, in one line', async () => {
  const { folder } = writeRandomCheckpoint(join(root, 'fp8'));
  expect(refusalOf(await runMain(['import', folder, join(root, 'fp8-out'), '--precision', 'fp8']))).toContain(
    'precision',
  );
});

it('import --kind names the kind of a checkpoint without exits.json', async () => {
  const { folder } = writeRandomCheckpoint(join(root, 'kind'));
  const out = join(root, 'of-a-kind');
  const { stdout } = await runMain(['import', folder, out, '--kind', 'soft']);
  expect(stdout).toBe(`${out}: soft, 4 layers, exits 1, 2, 3, 4\n`);
  expect(readManifest(out).kind).toBe('soft');
});

describe('import --heads', () => {
  const golden = 'test/golden/exit-heads';
  const [base, heads] = [join(golden, 'base'), join(golden, 'heads.yaml')];

  it('takes the checkpoint as its first argument', async () => {
    const out = join(root, 'exit-heads');
    const { stdout } = await runMain(['import', base, out, '--heads', heads]);
    expect(stdout).toContain(`${out}: early-exit, 4 layers, exits 1, 2, 3, 4\n`);
  });

  it('says the new form where the checkpoint stands in --base, as in earlier versions', async () => {
    const line = refusalOf(await runMain(['import', '--base', base, '--heads', heads, 'out']));
    expect(line).toContain('or import <checkpoint> <out> --heads heads.yaml.');
  });

  it.each([[[base]], [['--base', base, 'out']], [['--heads', heads, base]]])(
    'refuses %j in one line',
    async (args) => {
      expect(refusalOf(await runMain(['import', ...args]))).toContain(
        'expected a checkpoint or adapter, and the model',
      );
    },
  );
});
