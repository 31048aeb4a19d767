import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/data/json-file.ts';
import { MAX_JSON_DEPTH, scanJson } from '../../src/data/scan-json.ts';
import { inputErrorOf } from '../support/failure.ts';

describe('scanJson', () => {
  it.each<[string, string | undefined]>([
    ['{"a":1,"b":2}', undefined],
    ['{"a":1,"a":1}', 'a'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"a": {"a": [{"a": 1}, {"a": 2}]}}', undefined],
    ['[{"x":1},{"x":1}]', undefined],
    ['{"a":{"b":1,"c":{},"b":2}}', 'b'],
    ['{"a":"b","b":"a"}', undefined],
    ['{"a":"\\"b\\":1,\\"b\\":2"}', undefined],
    ['{"\\\\":1,"\\\\\\\\":2}', undefined],
    ['{"\\\\":1,"\\\\":2}', '\\'],
    ['{"a" \r\n\t :1,"a":2}', 'a'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"":1,"":2}', ''],
    ['{"\\ud83d":1,"\\ud83e":2}', '\ufffd'],
    ['{"a:"', undefined],
    ['"a":1,"a":2', undefined],
    ['}]{"a":1}', undefined],
  ])('finds the repeated key of %s', (text, key) => {
    expect(scanJson(text)).toEqual({ isTooDeep: false, repeatedKey: key });
  });

  it('counts levels, not brackets, and none inside strings', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(scanJson(nested(MAX_JSON_DEPTH)).isTooDeep).toBe(false);
    expect(scanJson(nested(MAX_JSON_DEPTH + 1)).isTooDeep).toBe(true);
    expect(scanJson(`[${'{},'.repeat(1000)}${'[],'.repeat(1000)}"${'['.repeat(1000)}"]`).isTooDeep).toBe(
      false,
    );
  });
});

describe('parseJson', () => {
  it('refuses a key given twice, and nesting without end before it is parsed', async () => {
    const twice = await inputErrorOf(() => parseJson('{"a":1,"a":2}', 'file.json', 'Correct it.'));
    expect(twice).toMatchObject({ code: 'not-json', where: 'file.json' });
    expect(twice.message).toContain('"a" twice');
    const deep = await inputErrorOf(() => parseJson('['.repeat(10_000_000), 'file.json', 'Correct it.'));
    expect(deep.message).toContain('at most 128 levels');
  });

  it('says of text that is no JSON just that', async () => {
    const error = await inputErrorOf(() => parseJson('{"a":1,"a":2', 'file.json', 'Correct it.'));
    expect(error.message).toContain('expected JSON, found');
  });
});
