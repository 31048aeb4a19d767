/** The data dictionary of a results file: what `docs/results-file.md` is made of. */
import { SCHEMA_VERSION } from './schema/schema-version.js';
import { TABLES } from './schema/tables.js';
import { VIEWS } from './views/views.js';
export function describeSchema() {
    return { version: SCHEMA_VERSION, views: VIEWS.map(describeView), tables: TABLES.map(describeTable) };
}
function describeView({ name, description, dictionary }) {
    const columns = Object.entries(dictionary).map(([column, { type, meaning, whenNull }]) => ({
        ...{ name: column, type, meaning, whenNull },
    }));
    return { name, description, columns };
}
function describeTable({ name, description, columns }) {
    return { name, description, columns: Object.entries(columns).map(describeColumn) };
}
function describeColumn([name, [definition, meaning, whenNull]]) {
    return { name, type: definition.split(' ', 1)[0], meaning, whenNull };
}
