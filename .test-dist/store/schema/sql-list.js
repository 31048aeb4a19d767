/** `('a', 'b')`: the values of an enumeration in SQL's `IN`. */
export function sqlList(values) {
    return `(${values.map(sqlText).join(', ')})`;
}
/** A text literal of SQL. */
export function sqlText(text) {
    return `'${text.replaceAll("'", "''")}'`;
}
