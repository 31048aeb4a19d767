import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { main } from '../../src/cli/cli.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const REPOSITORY = join(import.meta.dirname, '..', '..');

/**
 * Runs the command line as a process of its own. `whileRunning` gets a function that sends it a signal; `nodeOptions` go
 * to Node; `stderrFile` gets what it writes to stderr, instead of the caller.
 */
export async function runBin(
  args: readonly string[],
  whileRunning?: (kill: (signal: NodeJS.Signals) => void, ended: () => boolean) => Promise<void>,
  nodeOptions: readonly string[] = [],
  { stdoutFile, stderrFile }: { readonly stdoutFile?: number; readonly stderrFile?: number } = {},
): Promise<Ended> {
  const bin = join(process.env['SORTED_EVAL_COMPILED']!, 'bin.js');
  const child = spawn(process.execPath, [...nodeOptions, bin, ...args], {
    cwd: REPOSITORY,
    stdio: ['ignore', stdoutFile ?? 'pipe', stderrFile ?? 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (data: Buffer) => {
    stdout += data;
  });
  child.stderr?.on('data', (data: Buffer) => {
    stderr += data;
  });
  const ending = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  await whileRunning?.(
    (signal) => void child.kill(signal),
    () => child.exitCode !== null || child.signalCode !== null,
  );
  return ending;
}

/** Runs a command line in this process, with streams that only have to be written to. */
export async function runMain(args: readonly string[], onStdout = (_text: string) => {}): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  const stream = (write: (text: string) => void) =>
    ({
      write: (text: string) => {
        write(text);
        return true;
      },
    }) as NodeJS.WriteStream;
  const terminal: Terminal = {
    stdout: stream((text) => {
      onStdout(text);
      stdout += text;
    }),
    stderr: stream((text) => {
      stderr += text;
    }),
    signal: new AbortController().signal,
  };
  return { code: await main(args, terminal), signal: null, stdout, stderr };
}

/** The one line that a refused command ends with: its four parts, and nothing on stdout. */
export function refusalOf({ code, stdout, stderr }: Ended): string {
  expect({ code, stdout, lines: stderr.split('\n').length }, stderr).toEqual({
    code: 2,
    stdout: '',
    lines: 2,
  });
  expect(stderr).toMatch(/^sorted-eval: [^\n]+: expected [^\n]+, found [^\n]+\. [^\n]+[.?]\n$/);
  return stderr;
}

/** Path → bytes of every file below a folder. */
export function filesBelow(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(paths.map((path) => [path, readFileSync(path, 'base64')]));
}
