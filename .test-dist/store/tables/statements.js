/** A function that inserts rows of a table. */
export function inserter(table, onConflict) {
    const columns = Object.keys(table.columns);
    const parameters = columns.map((column) => `@${camelCase(column)}`);
    const sql = `INSERT INTO ${table.name} (${columns.join(', ')}) VALUES (${parameters.join(', ')}) ${clause(onConflict)}`;
    return (store, row) => store.run(sql, row);
}
/** A SELECT list: `exit_a` becomes `exit_a AS exitA`; `c.exit_a` likewise. */
export function fields(...columns) {
    return columns
        .map((column) => {
        const name = column.slice(column.indexOf('.') + 1);
        return camelCase(name) === name ? column : `${column} AS ${camelCase(name)}`;
    })
        .join(', ');
}
/** Those of `keys` that stand in a column, of the rows with the values of `where`: what need not be computed again. */
export function knownKeys(store, { name }, column, keys, where = {}) {
    const conditions = Object.keys(where).map((other) => ` AND ${other} = @${other}`);
    const rows = store.all(`SELECT ${column} AS key FROM ${name} WHERE ${column} IN (SELECT value FROM json_each(@keys))${conditions.join('')}`, { ...where, keys: JSON.stringify(keys) });
    return new Set(rows.map(({ key }) => key));
}
function clause(onConflict) {
    if (onConflict === 'refuse')
        return '';
    if (onConflict === 'keep')
        return 'ON CONFLICT DO NOTHING';
    const replaced = onConflict.map((column) => `${column} = excluded.${column}`);
    return `ON CONFLICT DO UPDATE SET ${replaced.join(', ')}`;
}
/** `exit_a` → `exitA` */
export function camelCase(name) {
    return name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}
