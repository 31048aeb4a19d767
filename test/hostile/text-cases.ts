/** JSON files that are no JSON, or no files. */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { casesOf, edit, type HostileCase } from './hostile-case.ts';

/** Texts that no JSON file of a checkpoint may have; `of` is the intact text. */
const TEXTS: Record<string, (of: string) => string | Buffer> = {
  'an empty file': () => '',
  null: () => 'null',
  'a list': (of) => `[${of}]`,
  'a number': () => '17',
  'a text': (of) => JSON.stringify(of),
  'half of it': (of) => of.slice(0, of.length / 2),
  'it twice': (of) => `${of}${of}`,
  'a comma too much': (of) => of.trimEnd().replace(/}$/, ',}'),
  'a comment': (of) => of.replace('{', '{ // of mine\n'),
  'NaN for a value': (of) => of.replace('{', '{"x": NaN,'),
  'a key twice': (of) => of.replace('{', '{"x": 1, "x": 2,'),
  'a million levels of lists': (of) => of.replace('{', `{"x":${'['.repeat(1e6)}${']'.repeat(1e6)},`),
  'a million levels of objects': () => '{"x":'.repeat(1e6),
  'bytes that are not UTF-8': (of) =>
    Buffer.concat([Buffer.from('{"\xff": 1,', 'latin1'), Buffer.from(of.slice(1))]),
  'UTF-16': (of) => Buffer.from(`\ufeff${of}`, 'utf16le'),
  zeros: () => Buffer.alloc(1000),
  'a zero byte in it': (of) => of.replace('{', '{\0'),
};

/** `files` in other texts, and something else in their place. */
export function wrongTexts(files: readonly string[]): HostileCase[] {
  return files.flatMap((file) => [
    ...casesOf(file, TEXTS, (folder, change) => edit(folder, file, change)),
    {
      name: `${file}: a folder`,
      change: (folder) => {
        rmSync(join(folder, file));
        mkdirSync(join(folder, file));
      },
    },
    ...casesOf(file, { itself: file, nothing: 'nothing', 'a device': '/dev/zero' }, (folder, target) => {
      rmSync(join(folder, file));
      symlinkSync(target, join(folder, file));
    }).map((link) => ({ ...link, name: link.name.replace(': ', ': a link to ') })),
  ]);
}

/** Two megabytes of white space, which no settings need. */
export function longTexts(files: readonly string[]): HostileCase[] {
  return files.map((file) => ({
    name: `${file}: padded to 2 MB`,
    change: (folder) => edit(folder, file, (text) => text + ' '.repeat(2_000_000)),
    said: /expected at most 1000000 bytes/,
  }));
}
