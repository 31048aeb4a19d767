/** Some rows and columns of a view, asked for without SQL. */
import { InputError } from '../../core/errors.js';
import { nearest } from '../../core/nearest.js';
/** Throws InputError `bad-query` for a column that the view does not have, naming the nearest. */
export function choiceSql(view, { columns = view.columns, where = new Map(), limit }) {
    for (const column of columns)
        requireColumn(view, column, '--columns');
    for (const column of where.keys())
        requireColumn(view, column, '--where');
    const conditions = [...where].map(([column, value]) => `CAST("${column}" AS TEXT) = ${literal(value)}`);
    return [
        `SELECT ${quoted(columns)} FROM ${view.name}`,
        ...(conditions.length > 0 ? [`WHERE ${conditions.join(' AND ')}`] : []),
        `ORDER BY ${quoted(view.orderBy)}`,
        ...(limit === undefined ? [] : [`LIMIT ${limit}`]),
    ].join(' ');
}
function requireColumn({ name, columns }, column, option) {
    if (columns.includes(column))
        return;
    throw new InputError({
        code: 'bad-query',
        where: option,
        expected: `a column of ${name} (${columns.join(', ')})`,
        found: JSON.stringify(column),
        fix: `Did you mean ${nearest(column, columns)}?`,
    });
}
function quoted(columns) {
    return columns.map((column) => `"${column}"`).join(', ');
}
function literal(text) {
    return `'${text.replaceAll("'", "''")}'`;
}
