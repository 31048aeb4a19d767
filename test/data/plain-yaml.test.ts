import { execFileSync } from 'node:child_process';
import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSweepConfig } from '../../src/config/sweep-file.ts';
import { readInstructions } from '../../src/data/instructions.ts';
import { inputErrorOf } from '../support/failure.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();
const path = join(folder, 'sweep.yaml');

async function refused(text: string) {
  writeFileSync(path, text);
  const startedAt = performance.now();
  const error = await inputErrorOf(() => readSweepConfig(path));
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  return error;
}

describe('a sweep file is refused in one line and in time, given', () => {
  it.each([
    ['40,000 keys', Array.from({ length: 40_000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['a million keys', Array.from({ length: 1_000_000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['200,000 brackets', '['.repeat(200_000)],
    ['200,000 commas', `[${','.repeat(200_000)}]`],
    ['200,000 items', '-\n'.repeat(120_000)],
    ['200,000 directives', '%a\n'.repeat(80_000)],
    ['ten megabytes of spaces', ' '.repeat(1e7)],
  ])('%s', { timeout: 30_000 }, async (_, text) => {
    expect((await refused(text)).where).toContain(path);
  });

  it('a NUL in any text, which ends a path for the system', async () => {
    const error = await refused('name: a\ninstructions: set.json\noutput: "a\\0b"\nmodels: {a: {path: a}}\n');
    expect(error).toMatchObject({ code: 'bad-config', where: `${path}: output`, found: 'a NUL' });
  });

  it('a model named __proto__, which would be dropped', async () => {
    const error = await refused(
      'name: a\ninstructions: s.json\noutput: o\nmodels: {__proto__: {path: a}, b: {path: b}}\n',
    );
    expect(error).toMatchObject({ code: 'bad-config', where: `${path}: models`, found: '"__proto__"' });
  });

  it('one exit twice, as a number and as text, where the first would be dropped', async () => {
    const model = 'a: {endpoint: {baseUrl: "http://localhost/v1"}, exits: {12: x, "12": y}}';
    const error = await refused(`name: a\ninstructions: s.json\noutput: o\nmodels: {${model}}\n`);
    expect(error).toMatchObject({ code: 'bad-config', found: expect.stringContaining('unique') });
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])('but not a model named %s', (name) => {
    writeFileSync(path, `name: a\ninstructions: s.json\noutput: o\nmodels: {${name}: {path: a}}\n`);
    const { config } = readSweepConfig(path);
    expect(Object.keys(config.models)).toEqual([name]);
    expect(config.models[name]).toMatchObject({ path: join(folder, 'a') });
  });
});

describe('a file that is read whole is refused when it is', () => {
  const make: Record<string, (file: string) => void> = {
    'a pipe': (file) => void execFileSync('mkfifo', [file]),
    'a device without end': (file) => symlinkSync('/dev/zero', file),
    'longer than memory': (file) => {
      writeFileSync(file, '');
      truncateSync(file, 2 ** 40);
    },
  };
  it.each(Object.keys(make))('%s', async (kind) => {
    const file = join(folder, kind);
    make[kind]!(file);
    for (const read of [readInstructions, readSweepConfig]) {
      expect(await inputErrorOf(() => read(file))).toMatchObject({ code: 'not-readable', where: file });
    }
  });
});
