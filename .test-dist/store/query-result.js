/** Rows of a statement, alike for better-sqlite3 and for SQLite in the browser. */
/** @param columns as the statement names them @param rows integers may be bigint: those that a number holds become one */
export function queryResult(columns, rows) {
    return { columns: distinctNames(columns), rows: rows.map((row) => row.map(asNumberWhereSafe)) };
}
function distinctNames(names) {
    const used = new Set();
    return names.map((name) => {
        let distinct = name;
        for (let count = 2; used.has(distinct); count++)
            distinct = `${name}_${count}`;
        used.add(distinct);
        return distinct;
    });
}
function asNumberWhereSafe(value) {
    return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
