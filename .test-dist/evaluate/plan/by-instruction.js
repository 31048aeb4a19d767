/** Items that belong to one instruction, together; both in their order. */
export function byInstruction(items) {
    const groups = new Map();
    for (const item of items) {
        const group = groups.get(item.instruction.id) ?? [];
        groups.set(item.instruction.id, [...group, item]);
    }
    return [...groups.values()];
}
