/** A view from its columns as name → description. */
export function view({ columns, ...rest }) {
    return { ...rest, columns: Object.keys(columns), dictionary: columns };
}
