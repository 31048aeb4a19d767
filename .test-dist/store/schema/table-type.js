/** One table of a results file: its SQL and what its columns mean, in one place. */
/** Keeps the names of the columns in the type, from which the types of rows are made. */
export function table(definition) {
    return definition;
}
/** The statements of a migration. The text of a released version must never change, white space included. */
export function createTables(tables) {
    return `\n${tables.map(createTable).join('\n\n')}\n`;
}
function createTable({ name, columns, constraints = [], options, comment, columnComments }) {
    const lines = [
        ...Object.entries(columns).map(([column, [definition]]) => {
            const note = columnComments?.[column];
            return `${note === undefined ? '' : `-- ${note}\n  `}${column} ${definition}`;
        }),
        ...constraints,
    ];
    const above = comment === undefined ? '' : `-- ${comment}\n`;
    return `${above}CREATE TABLE ${name} (\n  ${lines.join(',\n  ')}\n) ${options};`;
}
