import { InputError } from '../../core/errors.ts';

/** A figure without data is an error and not an empty frame. */
export function requireData(figure: string, what: string, items: { readonly length: number }): void {
  if (items.length > 0) return;
  throw new InputError({
    code: 'empty',
    where: `figure ${figure}`,
    expected: `at least one ${what}`,
    found: 'none',
    fix: 'Run the stages that make these numbers before drawing, or name a run that has them.',
  });
}

/** Numbers come from our own store: one that is not finite is a bug upstream and must not turn into a gap. */
export function requireFinite(figure: string, value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`figure ${figure}: cannot draw the number ${value}`);
  return value;
}
