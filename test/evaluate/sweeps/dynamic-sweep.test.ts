import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSweepConfig } from '../../../src/config/sweep-file.ts';
import { sweepOutlook } from '../../../src/evaluate/outlook/sweep-outlook.ts';
import { runSweep } from '../../../src/evaluate/run-sweep.ts';
import { generateStage } from '../../../src/evaluate/stages/generate-stage.ts';
import { readResponses } from '../../../src/store/tables/response-table.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { countingProgress, dumpOf, withResults, withSweep, writeSweep, writeTrio } from '../trio.ts';

const folder = tempFolder();
/** Some confidences of these random networks lie above, some below. */
const exits = [2, 3, 4, { adaptive: 0.2 }, { speculative: { draft: 2, tokens: 3 } }];
const models = (own: unknown) => ({
  sft: { path: 'sft', label: 'SFT', exits: own },
  soft: { path: 'soft', label: 'SoFT', exits: own },
});
const sweep = {
  models: models(exits),
  comparisons: [{ a: 'soft', b: 'sft' }],
  kl: undefined,
  output: 'dynamic',
};

beforeAll(() => writeTrio(folder));

describe('a sweep with depths that are chosen token by token', () => {
  it('answers, judges and times them like every other sub-model', async () => {
    await withSweep(writeSweep(folder, sweep), runSweep);
    const dump = dumpOf(join(folder, 'dynamic'));
    const dynamic = ['adaptive:0.2', 'speculative:2:3'];
    expect(dump['model']!.map((row) => row['model'])).toEqual(
      expect.arrayContaining(['soft', 'sft', ...dynamic.flatMap((name) => [`soft@${name}`, `sft@${name}`])]),
    );
    expect(dump['answer']).toHaveLength(2 * (3 + 2) * 6);
    expect(new Set(dump['comparison']!.map((row) => row['comparison']))).toEqual(
      new Set([
        'soft against sft',
        ...dynamic.flatMap((name) => [
          `soft@${name} against sft`,
          `soft against sft@${name}`,
          `soft@${name} against sft@${name}`,
        ]),
      ]),
    );
    expect(dump['cell']).toHaveLength(9 + 2 * (3 + 3 + 1));
    const { verdicts, models } = await sweepOutlook(readSweepConfig(join(folder, 'sweep.yaml')).config, {});
    expect(verdicts!.pairs).toBe(dump['judged_pair']!.length);
    expect(models.map(({ answers }) => answers)).toEqual([5 * 6, 5 * 6]);
    withResults(join(folder, 'dynamic'), (store) => {
      const timed = store.all<{ model: string }>('SELECT DISTINCT model, exit FROM exit_speeds');
      expect(timed).toHaveLength(2 * (3 + 2));
    });
  });

  it('has the responses of full depth where it speculates', async () => {
    await withSweep(writeSweep(folder, sweep), ({ store, run }) => {
      for (const model of ['soft', 'sft']) {
        const texts = (name: string) =>
          [...readResponses(store, run, { model: name, exit: 4 }).values()].map(({ tokenIds }) => tokenIds);
        expect(texts(`${model}@speculative:2:3`)).toEqual(texts(model));
      }
    });
  });

  it('stores where the text of each token ends, for those that chose their depth alone', () => {
    withResults(join(folder, 'dynamic'), (store) => {
      const rows = store.all<Record<'model' | 'text' | 'token_exits' | 'token_ends', string>>(
        'SELECT model, text, token_exits, token_ends FROM token_depths JOIN responses USING (run, model, exit, instruction_id)',
      );
      expect(new Set(rows.map(({ model }) => model))).toEqual(
        new Set(['sft@adaptive:0.2', 'soft@adaptive:0.2']),
      );
      for (const { text, token_exits, token_ends } of rows) {
        const ends = JSON.parse(token_ends) as number[];
        expect(ends).toHaveLength(JSON.parse(token_exits).length);
        expect(ends.at(-1) ?? 0).toBe(text.length);
        expect(ends).toEqual([...ends].sort((one, other) => one - other));
      }
    });
  });

  it('stores the mean layers a token, and what became of drafts', () => {
    withResults(join(folder, 'dynamic'), (store) => {
      const rows = store.all<Record<string, number | string | null>>(
        'SELECT * FROM layers_used ORDER BY model, exit',
      );
      const of = (model: string, exit = 4) =>
        rows.find((row) => row['model'] === model && row['exit'] === exit)!;
      expect(of('soft', 2)).toMatchObject({
        depth: 'fixed',
        mean_layers: 2,
        drafted: null,
        acceptance: null,
      });
      expect(of('soft@speculative:2:3')).toMatchObject({ depth: 'speculative', mean_layers: 4 });
      expect(of('soft@speculative:2:3')['drafted']).toBeGreaterThan(0);
      const exitsLeft = store
        .all<{ exits: string }>(
          `SELECT token_exits AS exits FROM answer JOIN response_depth USING (response_key)
           WHERE model = 'soft@adaptive:0.2'`,
        )
        .flatMap(({ exits: json }) => JSON.parse(json) as number[]);
      const mean = exitsLeft.reduce((sum, exit) => sum + exit, 0) / exitsLeft.length;
      expect(of('soft@adaptive:0.2')).toMatchObject({ depth: 'adaptive', tokens: exitsLeft.length });
      expect(of('soft@adaptive:0.2')['mean_layers']).toBeCloseTo(mean);
      expect(new Set(exitsLeft).size).toBeGreaterThan(1);
    });
  });

  it('computes nothing twice, and shares the plain exits with a sweep that has no others', async () => {
    const again = countingProgress();
    await withSweep(writeSweep(folder, sweep), generateStage, again);
    expect(again.computed).toEqual(new Map());
    const plain = { ...sweep, name: 'plain', models: models([2, 3, 4]) };
    const counted = countingProgress();
    await withSweep(writeSweep(folder, plain), generateStage, counted);
    expect(counted.computed).toEqual(new Map());
  });

  it('computes other settings anew', async () => {
    const other = {
      ...sweep,
      name: 'other',
      models: { soft: { path: 'soft', exits: [2, 4, { adaptive: 0.5 }] } },
    };
    const counted = countingProgress();
    const alone = { ...other, comparisons: undefined, judge: undefined };
    await withSweep(writeSweep(folder, alone), generateStage, counted);
    expect(counted.computed.get('soft adaptive 0.5: answers')).toBe(6);
  });
});

describe('a sweep file’s dynamic exits', () => {
  const errorOf = (own: unknown) =>
    inputErrorOf(() => withSweep(writeSweep(folder, { ...sweep, models: models(own) }), () => {}));

  it.each([
    [[{ adaptive: 0.9 }], 'at least one exit as a number of layers'],
    [[2, { adaptive: 1.5 }], 'exits.1.adaptive: expected at most 1, found 1.5'],
    [[2, { adaptiv: 0.5 }], 'a number of layers, {adaptive: …} or {speculative: {draft, tokens}}'],
    [[2, 4, { speculative: { draft: 2 } }], 'a number of layers, {adaptive: …} or {speculative'],
    [[2, 4, { adaptive: 0.9 }, { adaptive: 0.9 }], 'every dynamic exit once'],
    [[2, 4, { speculative: { draft: 3, tokens: 4 } }], 'one of the exits 2, 4'],
    [[2, 4, { speculative: { draft: 4, tokens: 4 } }], 'an exit before the deepest one, 4'],
    [[2, 4, { adaptive: { threshold: { 3: 0.5 } } }], 'one of the exits 2, 4'],
  ])('refuse %j', async (own, expected) => {
    expect((await errorOf(own)).message).toContain(expected);
  });
});
