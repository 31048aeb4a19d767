export function labelOf({ models }, name) {
    return models.find(({ model }) => model === name)?.label ?? name;
}
/** `n = 170`, never broken over two lines. */
export function sizeOf({ instructions }) {
    return `n\u00a0=\u00a0${instructions}`;
}
export function exitsOf({ subModels }) {
    return subModels.map(({ exit }) => exit);
}
