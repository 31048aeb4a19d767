/** Sweeps over recorded answers and verdicts: small folders in which nothing is computed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeSweep } from './trio.ts';

export interface RecordedFolder {
  readonly folder: string;
  /** Of the sweep file. */
  readonly path: string;
  readonly output: string;
}

/** Writes files as JSON, and a sweep file without KL and speed that has `keys`. */
export function writeRecordedFolder(
  folder: string,
  files: Readonly<Record<string, unknown>>,
  keys: Readonly<Record<string, unknown>>,
): RecordedFolder {
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(folder, file), text);
  }
  const path = writeSweep(folder, { kl: undefined, ...keys });
  return { folder, path, output: join(folder, 'out') };
}

/** A pair that ties in the first order and goes to Blue in the second, and one the other way round. */
export function writeTies(folder: string, changes: object = {}): RecordedFolder {
  const asked = [{ instruction: 'Name a colour: tie-then-2' }, { instruction: 'Name a colour: 1-then-tie' }];
  const [tieThenTwo, oneThenTie] = asked;
  const answers = (output: string) => asked.map((record) => ({ ...record, output, exit: 1 }));
  const blueFirst = { response1: 'Blue', response2: 'Red' };
  const redFirst = { response1: 'Red', response2: 'Blue' };
  const verdicts = [
    { ...tieThenTwo, ...blueFirst, raw: 'Tie' },
    { ...tieThenTwo, ...redFirst, raw: '2' },
    { ...oneThenTie, ...blueFirst, raw: '1' },
    { ...oneThenTie, ...redFirst, raw: 'Tie' },
  ];
  return writeRecordedFolder(
    folder,
    { 'set.json': asked, 'a.json': answers('Blue'), 'b.json': answers('Red'), 'v.json': verdicts },
    {
      instructions: 'set.json',
      models: { a: { answers: 'a.json' }, b: { answers: 'b.json' } },
      comparisons: [{ a: 'a', b: 'b' }],
      judge: { verdicts: 'v.json' },
      ...changes,
    },
  );
}
