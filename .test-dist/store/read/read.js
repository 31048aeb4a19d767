import { camelCase } from '../tables/statements.js';
/** A read whose rows are its columns with their names in camel case. */
export function defineRead(sql, params = {}, options = {}) {
    return { sql, params, toRow: camelCased, ...options };
}
export function read(store, wanted) {
    return storedRows(store, wanted).map((row) => wanted.toRow(row));
}
/** The first row; `undefined` where there is none. */
export function readFirst(store, wanted) {
    return read(store, wanted)[0];
}
/** The rows as the file has them. */
export function storedRows(store, { sql, params, needs }) {
    if (needs !== undefined && !hasTable(store, needs))
        return [];
    return store.all(sql, params);
}
/** `{ exit_a: 6 }` as `{ exitA: 6 }`. */
export function camelCased(stored) {
    return Object.fromEntries(Object.entries(stored).map(([name, value]) => [camelCase(name), value]));
}
/** The SQL of a read with its parameters as literals: pasted anywhere, it gives the same rows. */
export function literalSql({ sql, params }) {
    // Strings and quoted names come first, so that an @ in them stays.
    return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|@(\w+)/g, (text, name) => name === undefined ? text : literal(params[name] ?? null));
}
/** A value as SQL writes it. */
export function literal(value) {
    if (value === null)
        return 'NULL';
    if (typeof value === 'number')
        return String(value);
    // SQLite ends a statement at its first NUL.
    if (value.includes('\0'))
        return `CAST(x'${hexOf(value)}' AS TEXT)`;
    return `'${value.replaceAll("'", "''")}'`;
}
function hexOf(text) {
    return [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
function hasTable(store, name) {
    return store.get('SELECT 1 FROM sqlite_schema WHERE name = @name', { name }) !== undefined;
}
