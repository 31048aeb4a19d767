import { InputError } from '../../core/errors.ts';

/**
 * @param where the sweep or its file
 * @throws InputError `bad-config` for a sweep without a judge
 */
export function requireJudge<Judge extends object>(judge: Judge | undefined, where: string): Judge {
  if (judge) return judge;
  const fix = 'Add `judge: {path: …}` to the sweep file.';
  throw new InputError({ code: 'bad-config', where, expected: 'a judge', found: 'none', fix });
}
