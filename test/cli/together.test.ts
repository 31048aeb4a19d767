/** Commands that work in one output folder at the same time. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/terminal.ts';
import { dumpOf, TRIO_SWEEP, writeSweep, writeTrio } from '../evaluate/trio.ts';
import type { ContentDump } from '../support/content-dump.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Ended, refusalOf, runBin } from './run.ts';

const folder = tempFolder();
const DONE = [EXIT.done, EXIT.failedCheck];
const OTHER_EXITS = { ...(TRIO_SWEEP['models'] as object), soft: { path: 'soft', exits: [2, 4] } };

/** A sweep file without what takes time. */
function sweepInto(output: string, name: string, changes: Record<string, unknown> = {}): string {
  const small = { output, kl: undefined, comparisons: [{ a: 'soft', b: 'sft' }] };
  return writeSweep(folder, { ...small, ...changes }, `${output}-${name}.yaml`);
}

function requireDone(all: readonly Ended[]): void {
  for (const { code, stderr } of all) expect(DONE, stderr).toContain(code);
}

/** Rows by table of one run, without its key, and without its setup, which names the output folder. */
function rowsOf(dump: ContentDump, run: string): object {
  const tables = Object.entries(dump).filter(([table]) => table !== 'run');
  const rows = tables.map(([table, all]) => [
    table,
    all.filter((row) => row['run'] === run).map(({ run: _, ...row }) => row),
  ]);
  return Object.fromEntries(rows);
}

const keysOf = (dump: ContentDump) => dump['run']!.map(({ run }) => String(run));

let alone: ContentDump;
let aloneOther: ContentDump;

beforeAll(async () => {
  writeTrio(folder);
  const first = sweepInto('alone', 'first');
  const other = sweepInto('alone-other', 'other', { models: OTHER_EXITS });
  requireDone([await runBin(['sweep', first]), await runBin(['sweep', other])]);
  alone = dumpOf(join(folder, 'alone'));
  aloneOther = dumpOf(join(folder, 'alone-other'));
});

describe('sweeps at the same time', () => {
  it('four equal ones on a fresh folder end well and have what one alone has', async () => {
    const path = sweepInto('equal', 'all');
    const all = await Promise.all([1, 2, 3, 4].map(() => runBin(['sweep', path])));
    requireDone(all);
    expect(rowsOf(dumpOf(join(folder, 'equal')), 'trio')).toEqual(rowsOf(alone, 'trio'));
    const waiting = all.filter(({ stderr }) => /^Waiting for .*, which works in /m.test(stderr));
    expect(waiting.length).toBeGreaterThan(0);
    expect(readdirSync(join(folder, 'equal')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('two with other exits under one name are two runs, each with what it has alone', async () => {
    const files = [sweepInto('both', 'first'), sweepInto('both', 'other', { models: OTHER_EXITS })];
    const ended = await Promise.all(files.map((path) => runBin(['sweep', path])));
    requireDone(ended);
    const dump = dumpOf(join(folder, 'both'));
    const [first, second] = keysOf(dump);
    expect([first, second]).toEqual(['trio', expect.stringMatching(/^trio~[0-9a-f]{8}$/)]);
    // Either may come first.
    const exits = dump['sub_model']!.filter(({ run, model }) => run === first && model === 'soft');
    const order = exits.length === 3 ? [alone, aloneOther] : [aloneOther, alone];
    expect(rowsOf(dump, first!)).toEqual(rowsOf(order[0]!, 'trio'));
    expect(rowsOf(dump, second!)).toEqual(rowsOf(order[1]!, 'trio'));
    const notes = ended.filter(({ stderr }) => stderr.includes(`This is run ${second}:`));
    expect(notes).toHaveLength(1);
    const { stdout } = await runBin(['query', 'runs', '--db', join(folder, 'both', 'results.db')]);
    expect(stdout).toContain(second);
  });

  it('one with --no-wait is refused with one line that names the other', async () => {
    const path = sweepInto('busy', 'all');
    let refused: Promise<Ended> | undefined;
    await runBin(['sweep', path], async (_, ended) => {
      while (!existsSync(join(folder, 'busy', '.owner.txt')) && !ended()) await sleep(2);
      refused = runBin(['sweep', path, '--no-wait']);
      await refused;
    });
    expect(refusalOf(await refused!)).toMatch(/found process \d+ \(sorted-eval sweep .*Wait for it/);
  });
});

describe('what a killed import left', () => {
  it('is removed by the next command, and nothing else', async () => {
    const models = join(folder, 'alone', 'models');
    const dead = 2 ** 22 + 1;
    for (const name of [`soft.partial-${dead}`, `soft.partial-${process.pid}`]) mkdirSync(join(models, name));
    writeFileSync(join(models, 'soft', `model.json.partial-${dead}`), '{');
    const before = readdirSync(models, { recursive: true }).map(String);
    requireDone([await runBin(['generate', sweepInto('alone', 'again')])]);
    const removed = before.filter((path) => !existsSync(join(models, path)));
    expect(removed.sort()).toEqual([`soft.partial-${dead}`, `soft/model.json.partial-${dead}`]);
  });
});
