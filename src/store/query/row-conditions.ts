/** Which rows of a view are wanted: `model=soft,score>0.5`, or an SQL expression over its columns. */
import { sqlText } from '../schema/sql-list.ts';

/** Longer ones first, so that a pattern takes `>=` for one. */
const OPERATORS = ['<=', '>=', '!=', '<>', '=', '<', '>'] as const;
type Operator = (typeof OPERATORS)[number];

export interface Condition {
  readonly column: string;
  readonly operator: Operator;
  readonly value: string;
}

/** Either conditions that all hold, or what SQLite is to make of the text. */
export type Conditions = { readonly list: readonly Condition[] } | { readonly expression: string };

const CONDITION = new RegExp(`^\\s*(\\w+)\\s*(${OPERATORS.join('|')})(.*)$`, 's');
/** A comma that no `name=` follows belongs to the value. */
const COMMA = new RegExp(`,(?=\\s*\\w+\\s*(?:${OPERATORS.join('|')}))`);
/** Words that join conditions: a list has commas for them. */
const JOINED = /\s(and|or)\s+(not\s+)?[\w"(]+\s*([<>=!(]|like\b|in\b|is\b|between\b|not\b)/i;

export function parseConditions(text: string): Conditions {
  const parts = text.split(COMMA).map((part) => CONDITION.exec(part));
  const list = parts.flatMap((match) => {
    const [, column, operator, value] = match ?? [];
    return value === undefined ? [] : [{ column: column!, operator: operator as Operator, value }];
  });
  const isList = list.length === parts.length && list.every(isPlain);
  return isList ? { list } : { expression: text };
}

/** After `=` any text may stand, after `>` a number, a word or a text in quotes. */
function isPlain({ operator, value }: Condition): boolean {
  if (JOINED.test(value)) return false;
  return /=/.test(operator.replace(/[<>]=/, '')) || /^\s*(-?[\w.:+-]+|'[^']*')\s*$/.test(value);
}

/** `6` finds the number 6 and the text; what is greater or less is compared as numbers where the value is one. */
export function conditionSql({ column, operator, value }: Condition): string {
  const text = /^\s*'.*'\s*$/s.test(value) ? value.trim().slice(1, -1) : value;
  if (/^(=|!=|<>)$/.test(operator)) return `CAST("${column}" AS TEXT) ${operator} ${sqlText(text)}`;
  const isNumber = text.trim() !== '' && Number.isFinite(Number(text));
  return `"${column}" ${operator} ${isNumber ? Number(text) : sqlText(text)}`;
}
