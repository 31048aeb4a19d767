import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Ended } from './run.ts';

/** `nobody` on Linux. */
const NOBODY = 65_534;

/** Only root can be somebody else. */
export const isRoot = process.getuid?.() === 0;

/**
 * Runs the command line as a user without rights. It gives its rights up itself, once all that the command needs is loaded: the
 * checkout may lie where this user cannot read.
 */
export function runAsNobody(args: readonly string[]): Ended {
  const url = (file: string) =>
    JSON.stringify(pathToFileURL(join(process.env['SORTED_EVAL_COMPILED']!, file)).href);
  const code = `
    const { runProcess } = await import(${url('cli/process.js')});
    const { openMemory } = await import(${url('store/sqlite-driver.js')});
    await import(${url('cli/cli.js')});
    openMemory().close();
    process.setgroups([]);
    process.setgid(${NOBODY});
    process.setuid(${NOBODY});
    process.argv = ['node', 'sorted-eval', ...${JSON.stringify(args)}];
    await runProcess();`;
  const options = ['--input-type=module', '--eval', code];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, options, { encoding: 'utf8' });
  return { code: status, signal, stdout, stderr };
}
