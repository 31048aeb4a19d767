/** docs/numbers.md: of every number in a results file where it comes from, what NULL means and what it is not. */
import { describeSchema } from '../../src/store/describe-schema.ts';
import { generatedFrom, table } from './markdown.ts';
import { NUMBER_GROUPS, type NumberGroup } from './number-notes.ts';

/** One meaning of a column's name, and where it has it. */
interface Meaning {
  readonly relations: readonly string[];
  readonly text: string;
}

export function numbersPage(): string {
  const columns = numericColumns();
  return [INTRODUCTION, ...NUMBER_GROUPS.map((group) => section(group, columns)), ''].join('\n\n');
}

/** Name of every column of a view or table that holds a number → its meanings. */
export function numericColumns(): Map<string, Meaning[]> {
  const { views, tables } = describeSchema();
  const columns = new Map<string, Meaning[]>();
  for (const { name: relation, columns: own } of [...views, ...tables]) {
    for (const { name, type, meaning, whenNull } of own) {
      if (type === 'TEXT') continue;
      const text = whenNull === undefined ? meaning : `${meaning}; NULL: ${whenNull}`;
      columns.set(name, withMeaning(columns.get(name) ?? [], relation, text));
    }
  }
  return columns;
}

function withMeaning(meanings: readonly Meaning[], relation: string, text: string): Meaning[] {
  const known = meanings.find((meaning) => meaning.text === text);
  if (known === undefined) return [...meanings, { relations: [relation], text }];
  return meanings.map((meaning) =>
    meaning === known ? { text, relations: [...known.relations, relation] } : meaning,
  );
}

const INTRODUCTION = `# Numbers

${generatedFrom('describeSchema() in src/store and scripts/docs/number-notes.ts')}

Every column of a results file that holds a number: what it means, what NULL means, where it comes from and what it is not. A column without "NULL" is never
NULL. NULL is never 0: it says that something is not known, was not measured or does not exist. The views and tables are described in the
[results file](results-file.md), the definitions in [metrics](metrics.md).`;

function section(
  { title, from, not }: NumberGroup,
  columns: ReadonlyMap<string, readonly Meaning[]>,
): string {
  const rows = Object.entries(not).map(([name, text]) => {
    const meanings = (columns.get(name) ?? []).map(meaningText);
    return [`\`${name}\``, meanings.join('<br>'), text];
  });
  return `## ${title}\n\nFrom: ${from}\n\n${table(['Column', 'Meaning', 'Not'], rows)}`;
}

function meaningText({ relations, text }: Meaning): string {
  const links = relations.map((name) => `[${name}](results-file.md#${name})`);
  return `${text} (${links.join(', ')})`;
}
