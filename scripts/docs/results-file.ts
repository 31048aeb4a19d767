/** docs/results-file.md: the data dictionary of a results file, made of the schema's own descriptions. */
import {
  type ColumnDescription,
  describeSchema,
  type RelationDescription,
} from '../../src/store/describe-schema.ts';
import { generatedFrom, table } from './markdown.ts';

export function resultsFilePage(): string {
  const { version, views, tables } = describeSchema();
  return [
    introduction(version),
    PYTHON,
    '## Views',
    list(views),
    ...views.map((view) => section(view, '###')),
    '## Tables',
    TABLES_NOTE,
    list(tables),
    ...tables.map((stored) => section(stored, '###')),
    '',
  ].join('\n\n');
}

function introduction(version: number): string {
  return `# Results file

${generatedFrom('describeSchema() in src/store')}

A results folder holds one SQLite file, \`results.db\` (schema version ${version}, \`PRAGMA user_version\`; STRICT tables, WAL while a sweep
writes). The **views** are the documented interface: their columns keep their names and meanings, and a view that has to change gets
a new name beside the old one. Read them with \`npx sorted-eval query <view>\`, \`query --sql\`, the results page, or any SQLite tool; all of these
open the file read-only. Files of schema 1 to ${version - 1} are read without being written; a sweep brings them up to date and computes nothing
anew.

**Content keys.** Everything that was computed is stored under a sha256 of what it depends on: sub-model (weights, exit, head, tokenizer, precision), prompt,
decoding settings, judge, provider. Two runs that need the same response share one row, and nothing computed for one model is
served for another. A finished unit of work is written in one transaction, so a killed sweep leaves no half results.

**Runs.** A run has the name of its sweep file for its key. The same name with other settings, exits, weights or instructions, or with another judge (model,
decoding or protocol), is a further run, with the key \`name~\` and eight digits of a hash; neither changes the other. \`query runs\` lists all of
them, \`--run\` takes a key, a name or the beginning of a hash, and without it the newest run is meant. Scores are made anew from a run's verdicts: with
another \`policy\` or \`malformed\` they change, and \`sweep\` and \`score\` tell so.`;
}

const PYTHON = `## From Python

The views are views for every program that reads SQLite; \`mode=ro\` keeps the file as it is, also while a sweep writes. Tried with Python 3.11.7, pandas 3.1.1 and
DuckDB 2.0.1 on the nano run:

\`\`\`python
import sqlite3
import duckdb
import pandas as pd

results = sqlite3.connect("file:reports/nano/results.db?mode=ro", uri=True)

scores = pd.read_sql("SELECT * FROM scores WHERE run = ? AND model_b = 'sft'", results, params=["nano"])
print(scores.pivot(index="exit_a", columns="exit_b", values="score").round(2))

quality = pd.read_sql("SELECT * FROM quality", results)
print(duckdb.sql("SELECT model, max(exact_match) AS best, arg_max(exit, exact_match) AS at_exit FROM quality GROUP BY model"))
\`\`\`

DuckDB's own extension for SQLite (tried at 1.5.5) reads a view by \`sqlite_scan('reports/nano/results.db', 'quality')\`, but takes computed columns for blobs (cast them:
\`exact_match::VARCHAR::DOUBLE\`), and \`ATTACH … (TYPE sqlite)\` rewrites the views' SQL in a way that SQLite refuses (\`no such function: count_star\`). The data frames above have
neither fault.`;

const TABLES_NOTE =
  'Tables are what the views are made of. They may change between versions; migrations carry old files over.';

function list(relations: readonly RelationDescription[]): string {
  return table(
    ['Name', 'Content'],
    relations.map(({ name, description }) => [`[${name}](#${name})`, description]),
  );
}

function section({ name, description, columns }: RelationDescription, heading: string): string {
  const rows = columns.map((column) => [`\`${column.name}\``, column.type, meaningOf(column)]);
  return `${heading} ${name}\n\n${description}\n\n${table(['Column', 'Type', 'Meaning'], rows)}`;
}

function meaningOf({ meaning, whenNull }: ColumnDescription): string {
  return whenNull === undefined ? meaning : `${meaning}; NULL: ${whenNull}`;
}
