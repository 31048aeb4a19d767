import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkSchema } from '../../../src/data/json-file.ts';
import { inputErrorOf } from '../../support/failure.ts';

const schema = z.strictObject({
  name: z.string().min(1).optional(),
  code: z.string().min(2).max(3).optional(),
  count: z.int().positive().optional(),
  share: z.number().min(0).max(1).optional(),
  list: z.array(z.string()).min(2).optional(),
  choice: z.enum(['one', 'two']).optional(),
  isOn: z.boolean().optional(),
  part: z.strictObject({ key: z.string() }).optional(),
  map: z.record(z.string().regex(/^a/, 'a name that starts with a'), z.int()).optional(),
  secret: z
    .string()
    .refine((text) => text === '', 'the name of a variable')
    .optional(),
});

describe('a value that does not fit', () => {
  it.each([
    [{ name: 5 }, 'name: expected a string, found 5'],
    [{ name: '' }, 'name: expected a string that is not empty, found an empty string'],
    [{ name: null }, 'name: expected a string, found null'],
    [{ code: 'x' }, 'code: expected at least 2 characters, found a string'],
    [{ code: 'wxyz' }, 'code: expected at most 3 characters, found a string'],
    [{ count: 2.5 }, 'count: expected an integer, found 2.5'],
    [{ count: 0 }, 'count: expected more than 0, found 0'],
    [{ count: 'ten' }, 'count: expected a number, found a string'],
    [{ share: 5 }, 'share: expected at most 1, found 5'],
    [{ list: ['a'] }, 'list: expected at least 2 items, found a list of 1'],
    [{ list: 'a' }, 'list: expected a list, found a string'],
    [{ choice: 'three' }, 'choice: expected "one" or "two", found "three"'],
    [{ choice: 'x'.repeat(100) }, `choice: expected "one" or "two", found "${'x'.repeat(59)}…`],
    [{ isOn: 'yes' }, 'isOn: expected true or false, found a string'],
    [{ part: {} }, 'part.key: expected a string, found nothing'],
    [
      { part: { key: 'a', other: 1, third: 2 } },
      'part: expected known keys only, found the keys "other", "third"',
    ],
    [{ map: { b: 1 } }, 'map.b: expected as a key a name that starts with a, found "b"'],
  ])('%j is named in plain words', async (value, words) => {
    const place = { path: 'file', fix: 'Repair it.', code: 'bad-config' } as const;
    const { where, expected, found } = await inputErrorOf(() => checkSchema(value, schema, place));
    expect(`${where.replace('file: ', '')}: expected ${expected}, found ${found}`).toBe(words);
  });

  it.each([
    [{ lst: ['a', 'b'] }, 'Did you mean list? Repair it.'],
    [{ part: { keys: 'a' } }, 'Did you mean key? Repair it.'],
    [{ part: { key: 'a', other: 1 } }, 'Known keys: key. Repair it.'],
    [{ choice: 'twoo' }, 'Did you mean two? Repair it.'],
    [{ choice: 'eleven' }, 'Repair it.'],
    [{ name: 5 }, 'Repair it.'],
  ])('%j is answered with the nearest name, where there is one', async (value, fix) => {
    const place = { path: 'file', fix: 'Repair it.', code: 'bad-config' } as const;
    expect((await inputErrorOf(() => checkSchema(value, schema, place))).fix).toBe(fix);
  });

  it('is a misspelled key rather than the missing one that was meant', async () => {
    const place = { path: 'file', fix: 'Repair it.', code: 'bad-config' } as const;
    const needed = z.strictObject({ models: z.string() });
    const { where, found } = await inputErrorOf(() => checkSchema({ modles: 'a' }, needed, place));
    expect([where, found]).toEqual(['file', 'the key "modles"']);
  });

  it('is not shown where it may be a secret', async () => {
    const place = { path: 'file', fix: 'Repair it.', code: 'bad-config' } as const;
    const error = await inputErrorOf(() => checkSchema({ secret: 'sk-123' }, schema, place));
    expect(error.message).toContain('secret: expected the name of a variable, found a string');
    expect(error.message).not.toContain('sk-123');
  });
});
