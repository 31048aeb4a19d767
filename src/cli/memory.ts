import { InputError } from '../core/errors.ts';
import { DEFAULT_MEMORY_MB } from '../engine/cache/memory-budget.ts';

export const MEMORY_OPTION = {
  type: 'number',
  default: DEFAULT_MEMORY_MB,
  describe: 'MB for keys and values of prompts that others may share',
} as const;

/** @throws InputError `bad-option` */
export function checkMemory(megabytes: number): void {
  if (Number.isInteger(megabytes) && megabytes > 0) return;
  throw new InputError({
    code: 'bad-option',
    where: '--memory',
    expected: 'a whole number of MB, 1 or more',
    found: String(megabytes),
    fix: 'Correct the number.',
  });
}
