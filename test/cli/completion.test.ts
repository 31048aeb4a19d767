import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';

/** What bash proposes for the last word, once it has read what `sorted-eval completion` prints. */
function proposals(words: readonly string[]): string[] {
  const folder = tempFolder();
  const program = join(folder, 'sorted-eval');
  const bin = join(process.env['SORTED_EVAL_COMPILED']!, 'bin.js');
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`);
  chmodSync(program, 0o755);
  const script = `source <(sorted-eval completion)
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
    _sorted-eval_yargs_completions; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const PATH = `${folder}${delimiter}${process.env['PATH']}`;
  const env = { ...process.env, PATH, SHELL: '/bin/bash' };
  return execFileSync('bash', ['-c', script], { env, encoding: 'utf8' }).trim().split('\n');
}

it('bash completes commands, options and their choices', () => {
  expect(proposals(['sorted-eval', 'ex'])).toEqual(['extract', 'export']);
  expect(proposals(['sorted-eval', 'query', '--for'])).toEqual(['--format']);
  expect(proposals(['sorted-eval', 'query', '--format', 'js'])).toEqual(['json', 'jsonl']);
});
