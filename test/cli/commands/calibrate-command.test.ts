import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/terminal.ts';
import { readInstructions } from '../../../src/data/instructions.ts';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { refusalOf, runMain } from '../run.ts';

const root = tempFolder();
const folder = join(root, 'early-exit');
const records = readInstructions('eval-data/nano/data/validation.json').slice(0, 12);

beforeAll(() => void importCheckpoint('eval-data/nano/models/early-exit', folder));

function written(name: string, content: readonly object[]): string {
  const file = join(root, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

const calibrated = (file: string, ...options: string[]) =>
  runMain(['calibrate', folder, file, '--max-new-tokens', '12', ...options]);

it('calibrate reads a file of other keys as --column says', async () => {
  const plain = written(
    'plain.json',
    records.map(({ instruction, input }) => ({ instruction, input })),
  );
  const own = written(
    'own.json',
    records.map(({ instruction, input }) => ({ question: instruction, passage: input })),
  );
  const expected = await calibrated(plain);
  expect(expected).toMatchObject({ code: EXIT.done, stdout: expect.stringContaining('adaptive') });
  const found = await calibrated(own, '--column', 'prompt=question', '--column', 'query=passage');
  expect({ code: found.code, stdout: found.stdout }).toEqual({ code: EXIT.done, stdout: expected.stdout });
  expect(refusalOf(await calibrated(own))).toContain('own.json');
});

it.each([
  [['--column', 'question']],
  [['--column', 'question=prompt']],
  [['--column', 'prompt=']],
  [['--column', 'toString=instruction']],
  [['--column', 'prompt=instruction', '--column', 'prompt=input']],
  [['--column', 'prompt=nothing']],
])('calibrate refuses %j in one line', async (options) => {
  const file = written('refused.json', [{ instruction: 'Add.', input: '1 and 2' }]);
  expect(refusalOf(await calibrated(file, ...options))).toContain('expected');
});
