import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { writeSweep, writeTrio } from '../evaluate/trio.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** With one of these ONNX Runtime is silent by itself. */
const SILENCING = /^(CI|ORT_.*|GITHUB_.*|TF_BUILD|VITEST.*)$/;

it('ONNX Runtime reports nothing to anybody: it leaves no log of telemetry', async () => {
  const folder = tempFolder();
  writeTrio(folder);
  const TMPDIR = join(folder, 'tmp');
  mkdirSync(TMPDIR);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SILENCING.test(name)));
  const bin = join(process.env['SORTED_EVAL_COMPILED']!, 'bin.js');
  const args = [bin, 'generate', writeSweep(folder)];
  const { stderr } = await promisify(execFile)(process.execPath, args, { env: { ...env, TMPDIR } });
  expect(stderr).toContain('18 new');
  expect(readdirSync(TMPDIR)).toEqual([]);
});
