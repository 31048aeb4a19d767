/** Mean KL curves (Figure 2 of the paper): one point for each output position of one exit. */

import type { KlPoint, KlValue } from '../core/domain.ts';
import { InputError } from '../core/errors.ts';

/**
 * Means over the instructions that reach a position, ordered by position. A position that no reference answer reaches
 * has no point.
 *
 * @param values KL(reference ‖ sub-model) in nats; one for each instruction and position
 * @throws InputError `empty` without values, `bad-results` for one that is not finite (it would spoil its mean unseen).
 */
export function klCurve(exit: number, values: readonly KlValue[]): KlPoint[] {
  if (values.length === 0) throw noValues(exit);
  const sums = new Map<number, { nats: number; instructions: number }>();
  for (const value of values) {
    if (!Number.isFinite(value.klNats)) throw notFinite(exit, value);
    const sum = sums.get(value.position) ?? { nats: 0, instructions: 0 };
    sums.set(value.position, { nats: sum.nats + value.klNats, instructions: sum.instructions + 1 });
  }
  return [...sums.entries()]
    .sort(([left], [right]) => left - right)
    .map(([position, { nats, instructions }]) => ({
      exit,
      position,
      meanKlNats: nats / instructions,
      instructions,
    }));
}

function noValues(exit: number): InputError {
  return new InputError({
    code: 'empty',
    where: `KL of exit ${exit}`,
    expected: 'at least one value',
    found: 'none',
    fix: 'Run the kl stage first; a reference whose answers are all empty has no KL.',
  });
}

function notFinite(exit: number, { instructionId, position, klNats }: KlValue): InputError {
  return new InputError({
    code: 'bad-results',
    where: `KL of exit ${exit}, instruction ${instructionId}, position ${position}`,
    expected: 'a finite number of nats',
    found: String(klNats),
    fix: 'Import the model again at fp32: its logits overflow at this precision.',
  });
}
