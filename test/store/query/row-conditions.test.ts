import { describe, expect, it } from 'vitest';
import { conditionSql, parseConditions } from '../../../src/store/query/row-conditions.ts';

const sqlOf = (text: string) => {
  const conditions = parseConditions(text);
  return 'list' in conditions ? conditions.list.map(conditionSql) : conditions.expression;
};

describe('conditions', () => {
  it.each<[string, string[]]>([
    ['exit=6', [`CAST("exit" AS TEXT) = '6'`]],
    ['score>0.5', ['"score" > 0.5']],
    ['model=soft,score >= -0.25', [`CAST("model" AS TEXT) = 'soft'`, '"score" >= -0.25']],
    ["model!='soft'", [`CAST("model" AS TEXT) != 'soft'`]],
    ["text=it's, so", [`CAST("text" AS TEXT) = 'it''s, so'`]],
    ['text=this and that', [`CAST("text" AS TEXT) = 'this and that'`]],
    ["model>'a'", [`"model" > 'a'`]],
  ])('%s are a list of values, which are quoted', (text, sql) => {
    expect(sqlOf(text)).toEqual(sql);
  });

  it.each([
    ['exit=3 and score>0.5'],
    ["model='soft' OR model='sft'"],
    ['abs(score) > 0.5'],
    ["model like 's%'"],
    ['score > > 1'],
    ['score>0.5) -- all'],
  ])('%s are an expression, which SQLite reads', (text) => {
    expect(sqlOf(text)).toBe(text);
  });
});
