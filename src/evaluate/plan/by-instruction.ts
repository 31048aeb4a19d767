import type { Instruction } from '../../core/domain.ts';

/** Items that belong to one instruction, together; both in their order. */
export function byInstruction<Item extends { readonly instruction: Instruction }>(
  items: readonly Item[],
): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(item.instruction.id) ?? [];
    groups.set(item.instruction.id, [...group, item]);
  }
  return [...groups.values()];
}
