/** Mean KL curves (Figure 2 of the paper): one point for each output position of one exit. */

import type { KlPoint, KlValue } from '../../../src/core/domain.ts';

/**
 * Means over the instructions that reach a position, ordered by position. A position that no reference answer
 * reaches has no point.
 *
 * @param values KL(reference ‖ sub-model) in nats; one for each instruction and position
 * @throws RangeError without values, and for one that is not finite (it would spoil its mean unseen)
 */
export function klCurve(exit: number, values: readonly KlValue[]): KlPoint[] {
  if (values.length === 0) throw new RangeError(`KL of exit ${exit} without values`);
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

function notFinite(exit: number, { instructionId, position, klNats }: KlValue): RangeError {
  return new RangeError(
    `KL of exit ${exit}, instruction ${instructionId}, position ${position} is ${klNats}`,
  );
}
