import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly pid: number;
  readonly ended: Promise<Ended>;
}

interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A shell between this process and the command, which can be killed alone. */
  readonly throughShell?: boolean;
}

/** Starts the compiled command line in a process group of its own. */
export function startCommand(args: readonly string[], options: CommandOptions = {}): RunningCommand {
  const bin = join(process.env['SORTED_EVAL_COMPILED']!, 'bin.js');
  const command = [process.execPath, bin, ...args];
  const [program, ...rest] = options.throughShell
    ? ['sh', '-c', '"$@" & wait $!', 'sh', ...command]
    : command;
  const env = { ...process.env, ...options.env };
  const child = spawn(program!, rest, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => {
    stdout += data;
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr += data;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    // Not `close`: a command that outlives its shell keeps the pipes open.
    child.on('exit', (code, signal) => setTimeout(() => resolve({ code, signal, stdout, stderr }), 20));
  });
  return { pid: child.pid!, ended };
}

export function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  return startCommand(args, options).ended;
}

/** Finished, or finished with a check that failed: random models pass few. */
export const isDone = ({ code }: Ended) => code === 0 || code === 3;

/** Refused with one line at its end, and no stack. */
export function isRefused({ code, stderr }: Ended): boolean {
  return code === 2 && /(^|\n)sorted-eval: [^\n]+\n$/.test(stderr) && !/\n {4}at /.test(stderr);
}

/** For the list of differences. */
export function describeEnd({ code, signal, stderr }: Ended): string {
  return `ended with ${signal ?? code}: ${stderr.trim().split('\n').slice(-3).join(' | ').slice(0, 400)}`;
}
