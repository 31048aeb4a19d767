import type { Instruction } from '../../core/domain.ts';
import { groupedBy } from '../../core/grouped-by.ts';

/** Items that belong to one instruction, together; both in their order. */
export function byInstruction<Item extends { readonly instruction: Instruction }>(
  items: readonly Item[],
): Item[][] {
  return groupedBy(items, ({ instruction }) => instruction.id);
}
