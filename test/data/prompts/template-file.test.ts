import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTemplateFile } from '../../../src/data/prompts/template-file.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const path = join(tempFolder(), 'form.txt');
const read = (text: string | Uint8Array, system?: string) => {
  writeFileSync(path, text);
  return readTemplateFile(path, system);
};

describe('a template file', () => {
  it('is kept byte for byte between its placeholders', () => {
    const { parts, hasInput } = read('\n <s>Q: {instruction}\r\n{input}\t{other}\n');
    expect(parts).toEqual(['\n <s>Q: ', { slot: 'instruction' }, '\r\n', { slot: 'input' }, '\t{other}\n']);
    expect(hasInput).toBe(true);
  });

  it('needs no input, and may name a placeholder twice', () => {
    const { parts, hasInput } = read('{instruction}{instruction}');
    expect(parts).toEqual([{ slot: 'instruction' }, { slot: 'instruction' }]);
    expect(hasInput).toBe(false);
  });

  it('takes the system text as its own, whatever stands in it', () => {
    const { parts } = read('<<{system}>> {instruction}', '{instruction}');
    expect(parts).toEqual(['<<{instruction}>> ', { slot: 'instruction' }]);
  });

  it.each([
    ['no instruction', '{input} {Instruction}', undefined, '{instruction}'],
    ['no place for a system text', '{instruction}', 'Be brief.', '{system}'],
    ['an empty file', '', undefined, '{instruction}'],
  ])('is refused with %s', async (_, text, system, placeholder) => {
    const error = await inputErrorOf(() => read(text, system));
    expect(error).toMatchObject({ code: 'bad-config', where: path });
    expect(error.expected).toBe(`a template with the placeholder ${placeholder}`);
  });

  it('is refused with a place for a system text that is not given', async () => {
    const error = await inputErrorOf(() => read('{system} {instruction}'));
    expect(error.expected).toBe('a `system` text for the placeholder {system}');
  });

  it('is refused where it is not there, naming the forms, or no UTF-8', async () => {
    const missing = await inputErrorOf(() => readTemplateFile(join(path, '../vicunna'), undefined));
    expect(missing).toMatchObject({ code: 'not-found' });
    expect(missing.fix).toContain('alpaca, vicuna, chat');
    expect(await inputErrorOf(() => read(Buffer.from([0xff, 0xfe])))).toMatchObject({ found: 'other bytes' });
  });
});
