/** A view of an array costs as much as copying this many numbers one by one. */
const FEW_FLOATS = 128;
/** Copies `count` numbers of the keys and of the values. */
export function copyPair(source, start, count, target, offset) {
    copyFloats(source.keys, start, count, target.keys, offset);
    copyFloats(source.values, start, count, target.values, offset);
}
export function copyFloats(source, start, count, target, offset) {
    if (count > FEW_FLOATS)
        target.set(source.subarray(start, start + count), offset);
    else
        for (let index = 0; index < count; index++)
            target[offset + index] = source[start + index];
}
