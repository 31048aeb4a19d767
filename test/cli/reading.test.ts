import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/database.ts';
import { VIEWS } from '../../src/store/views/views.ts';
import { serveResults } from '../../src/viewer/serve-page.ts';
import { writeTies } from '../evaluate/recorded-folder.ts';
import { buildPage } from '../page/built.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { filesBelow, refusalOf, runMain } from './run.ts';

const root = tempFolder();
const OWN = join(root, 'own');
const CSV = 'eval-data/published/sorted-llama-table4.csv';

beforeAll(async () => {
  mkdirSync(OWN);
  await buildPage();
});

/** Every command line that reads a results file; what it makes goes into a folder of its own. */
const readers = (db: string): string[][] => [
  ['query', '--db', db],
  ...VIEWS.map(({ name }) => ['query', name, '--db', db]),
  ['query', 'pair', '--db', db, '--instruction', 'x', '--a', 'a@1', '--b', 'b@1'],
  ['query', '--db', db, '--sql', 'SELECT * FROM runs'],
  ['figures', '--db', db, '--out', OWN],
  ['export', join(OWN, 'report.html'), '--db', db],
  ['compare', CSV, '--db', db, '--out', OWN],
];

async function swept(name: string) {
  const folder = join(root, name);
  const { path, output } = writeTies(folder);
  expect((await runMain(['sweep', path])).code).toBe(0);
  return { folder, path, db: join(output, 'results.db') };
}

/** The page, its file twice, and its file as it is known already. */
async function view(db: string): Promise<number[]> {
  const served = await serveResults({ db, port: 0 });
  const answers = [await fetch(served.url), await fetch(`${served.url}results.db`)];
  const tag = answers[1]!.headers.get('etag')!;
  answers.push(await fetch(`${served.url}results.db`, { headers: { 'if-none-match': tag } }));
  await served.close();
  return answers.map(({ status }) => status);
}

/** Into the mode that earlier versions left files in. */
function toWalMode(db: string): void {
  const database = new BetterSqlite3(db);
  database.pragma('journal_mode = WAL');
  database.close();
}

/** What a killed writer leaves: rows in the log alone, and no shared memory. */
function leaveLog(db: string): void {
  const database = new BetterSqlite3(db);
  database.pragma('journal_mode = WAL');
  database.pragma('wal_autocheckpoint = 0');
  database.exec("UPDATE run SET tool_version = 'logged'");
  for (const end of ['', '-wal']) renameSync(`${db}${end}`, `${db}${end}.kept`);
  database.close();
  for (const end of ['-wal', '-shm', '']) rmSync(`${db}${end}`, { force: true });
  for (const end of ['', '-wal']) renameSync(`${db}${end}.kept`, `${db}${end}`);
}

describe('reading a results file', () => {
  it.each([
    ['as a sweep leaves it', 'rest', () => {}],
    ['as earlier versions left it', 'wal', toWalMode],
    ['whose writer was killed', 'log', leaveLog],
  ])('%s leaves every file as it is, and none beside it', async (_, name, prepare) => {
    const { folder, path, db } = await swept(name);
    prepare(db);
    const before = filesBelow(folder);
    for (const args of [...readers(db), ['report', path]]) {
      const { code, stderr } = await runMain(args);
      expect([0, 2], stderr).toContain(code);
      expect([...filesBelow(folder).keys()], args.join(' ')).toEqual([...before.keys()]);
    }
    expect(await view(db)).toEqual([200, 200, 304]);
    expect(filesBelow(folder)).toEqual(before);
  });

  it('beside a sweep that writes leaves the folder as it is, and sees what was written', async () => {
    const { folder, db } = await swept('beside');
    const writer = openStore(db);
    writer.run("UPDATE run SET tool_version = 'written meanwhile'");
    const before = readdirSync(folder, { recursive: true }).sort();
    for (const args of readers(db)) await runMain(args);
    expect((await runMain(['query', 'runs', '--db', db])).stdout).toContain('written meanwhile');
    expect(await view(db)).toEqual([200, 200, 304]);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
    writer.close();
    expect(readdirSync(join(folder, 'out')).filter((name) => /-(wal|shm)$/.test(name))).toEqual([]);
  });

  it('makes figures of a sweep file beside the results alone, and scores nothing but scores', async () => {
    const { folder, path } = await swept('own');
    const before = [...filesBelow(folder).keys()];
    for (const command of ['figures', 'score']) expect((await runMain([command, path])).code).toBe(0);
    expect([...filesBelow(folder).keys()]).toEqual(before);
  });
});

describe('another run than that of the sweep file', () => {
  it.each(['report', 'figures', 'prompts'])('is told by %s, and its own is not', async (command) => {
    const { folder, path } = await swept(`other-${command}`);
    expect((await runMain([command, path])).stderr).not.toContain('not stored');
    writeTies(folder, { seed: 7 });
    const { code, stderr } = await runMain([command, path]);
    expect(code).toBe(0);
    expect(stderr).toContain(
      'The setup of the sweep file is not stored yet: this is run trio, with another setup.',
    );
    writeTies(folder, { identical: 'tie' });
    expect((await runMain([command, path])).stderr).toContain('this is run trio, with another judge.');
  });
});

describe('prompts --out', () => {
  it('writes prompts anew, in either form, and no other file over', async () => {
    const { folder, path, db } = await swept('prompts');
    const out = join(folder, 'prompts.jsonl');
    for (const form of [[], [], ['--format', 'batch', '--model', 'm'], []])
      expect((await runMain(['prompts', path, '--out', out, ...form])).code).toBe(0);
    const before = filesBelow(folder);
    for (const other of [db, path, ...['set.json', 'a.json', 'v.json'].map((name) => join(folder, name))])
      expect(refusalOf(await runMain(['prompts', path, '--out', other]))).toContain(
        `another file at ${other}`,
      );
    expect(filesBelow(folder)).toEqual(before);
  });
});

describe('what is no results file', () => {
  const places: readonly (readonly [what: string, make: (path: string) => void])[] = [
    ['nothing', () => {}],
    ['a folder', (path) => mkdirSync(path)],
    ['an empty file', (path) => writeFileSync(path, '')],
    [
      'a text file',
      (path) => writeFileSync(path, 'No database, but longer than its header would be. '.repeat(9)),
    ],
    ['a results file without a run', (path) => openStore(path).close()],
  ];

  it.each(places)(
    '%s is refused by every reader in a line that names it, and nothing is made',
    async (what, make) => {
      const folder = join(root, what.replaceAll(' ', '-'));
      mkdirSync(folder);
      const db = join(folder, 'nope.db');
      make(db);
      const before = [...filesBelow(folder).keys(), ...readdirSync(OWN)];
      for (const args of readers(db)) expect(refusalOf(await runMain(args)), args.join(' ')).toContain(db);
      await expect(serveResults({ db, port: 0 })).rejects.toThrow(db);
      expect([...filesBelow(folder).keys(), ...readdirSync(OWN)]).toEqual(before);
    },
  );

  it('makes report, figures and score refuse a sweep that was never run, without a folder of results', async () => {
    const { path, output } = writeTies(join(root, 'never'));
    for (const command of ['report', 'figures', 'score']) {
      expect(refusalOf(await runMain([command, path])), command).toContain(join(output, 'results.db'));
      expect(existsSync(output), command).toBe(false);
    }
  });

  it('makes score refuse a setup that was never judged, and adds no run', async () => {
    const { path, db } = await swept('changed');
    writeTies(join(root, 'changed'), { seed: 7 });
    const refusal = refusalOf(await runMain(['score', path]));
    expect(refusal).toContain('expected verdicts of this setup and judge, found none');
    const { stdout } = await runMain(['query', 'runs', '--db', db, '--format', 'json']);
    expect(JSON.parse(stdout)).toHaveLength(1);
  });
});
