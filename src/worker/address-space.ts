import { readFileSync } from 'node:fs';
import { InputError } from '../core/errors.ts';

/** Address space that Node reserves for a thread with ONNX Runtime: 0.9 GB for the first, 0.6 GB for each further one. */
const THREAD_BYTES = 900e6;

/** Of the process before its first thread. */
let ownBytes: number | undefined;

/**
 * Node aborts the process, without a word of ours, where it cannot reserve a thread's address space (`ulimit -v`).
 * @param threads that run, with the one to be started
 * @throws InputError `bad-machine`
 */
export function requireAddressSpace(threads: number): void {
  const limit = numberIn('/proc/self/limits', /Max address space\s+(\d+)/);
  if (limit === undefined) return;
  ownBytes ??= 1024 * (numberIn('/proc/self/status', /VmSize:\s+(\d+)/) ?? 0);
  const needed = ownBytes + threads * THREAD_BYTES;
  if (needed <= limit) return;
  const kilobytes = (bytes: number) => Math.ceil(bytes / 1024);
  throw new InputError({
    code: 'bad-machine',
    where: 'this machine',
    expected: `an address space of ${kilobytes(needed)} kB for ${threads} threads`,
    found: `a limit of ${kilobytes(limit)} kB`,
    fix: `Raise the limit: ulimit -v ${kilobytes(needed)}, or ulimit -v unlimited.`,
  });
}

/** undefined: no such file or number, as on other systems and without a limit. */
function numberIn(file: string, pattern: RegExp): number | undefined {
  try {
    const found = pattern.exec(readFileSync(file, 'utf8'))?.[1];
    return found === undefined ? undefined : Number(found);
  } catch {
    return undefined;
  }
}
