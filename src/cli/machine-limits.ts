/** Limits of the machine or of the user (`ulimit`), which Node and the libraries name each in words of their own. */
import { InputError } from '../core/errors.ts';

interface Limit {
  /** Matches the error's `code`, or its message. */
  readonly signs: RegExp;
  readonly expected: string;
  readonly fix: string;
}

const LIMITS: readonly Limit[] = [
  {
    signs: /^(EMFILE|ENFILE)$|too many open files/i,
    expected: 'files that may be opened at the same time',
    fix: 'Raise the limit (`ulimit -n 1024`), or end other programs.',
  },
  {
    signs:
      /^(ENOMEM|ERR_WORKER_OUT_OF_MEMORY|ERR_WORKER_INIT_FAILED|ERR_MEMORY_ALLOCATION_FAILED|SQLITE_NOMEM)$|Array buffer allocation failed|bad_alloc|bad allocation|failed to allocate|cannot allocate memory|JavaScript heap/i,
    expected: 'memory',
    fix: 'Raise the limit (`ulimit -v`), lower --memory and batchSize, or use a machine with more memory.',
  },
  {
    signs: /^(ENOSPC|EDQUOT|SQLITE_FULL)$|no space left on device/i,
    expected: 'space on the disk',
    fix: 'Free some space; finished work is stored, and the same command continues.',
  },
  {
    signs: /^EAGAIN$|pthread_create|Resource temporarily unavailable/i,
    expected: 'threads and processes that may be started',
    fix: 'Raise the limit (`ulimit -u`), or end other programs.',
  },
];

/** An error as one line where a limit is behind it; undefined for every other. */
export function asLimit(error: unknown): InputError | undefined {
  if (!(error instanceof Error) || error instanceof InputError) return undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  const limit = LIMITS.find(({ signs }) => signs.test(code ?? '') || signs.test(error.message));
  if (limit === undefined) return undefined;
  const { expected, fix } = limit;
  const where = typeof path === 'string' ? path : 'this machine';
  return new InputError({
    code: 'bad-machine',
    where,
    expected,
    found: `no more (${code ?? error.message})`,
    fix,
    cause: error,
  });
}
