import { describe, expect, it } from 'vitest';
import type { Instruction } from '../../../src/core/domain.ts';
import { readInstructions } from '../../../src/store/tables/instruction-table.ts';
import { saveJudge } from '../../../src/store/tables/judge-table.ts';
import { readOutcomes } from '../../../src/store/tables/judgement-table.ts';
import { readCells, readComparisons, readModels } from '../../../src/store/tables/model-table.ts';
import { readResponses, saveResponses } from '../../../src/store/tables/response-table.ts';
import { finishRun, openRun, readRun, readRuns } from '../../../src/store/tables/run-table.ts';
import { contentDump } from '../../support/content-dump.ts';
import { emptyStore, inputErrorOf, sampleStore } from '../sample.ts';
import { JUDGE, modelRecord, responsesOf, saveVerdicts, setup, verdict } from '../sample-run.ts';

describe('openRun, misused', () => {
  it('refuses an instruction that occurs twice, and leaves nothing', () => {
    const store = emptyStore();
    const [first, second] = setup().instructions;
    const error = inputErrorOf(() => openRun(store, setup({ instructions: [first!, second!, first!] })));
    expect(error.code).toBe('bad-instructions');
    expect(error.message).toContain('positions 0 and 2');
    expect(readRuns(store)).toEqual([]);
  });

  it('refuses a comparison of a model that the run has not', () => {
    const comparisons = [{ name: 'c', modelA: 'soft', modelB: 'early', exitsA: [3], exitsB: [3] }];
    expect(() => openRun(emptyStore(), setup({ comparisons }))).toThrow('FOREIGN KEY');
  });

  it('refuses a comparison at an exit that the model has not', () => {
    const comparisons = [{ ...setup().comparisons[0]!, exitsB: [3, 9] }];
    expect(() => openRun(emptyStore(), setup({ comparisons }))).toThrow('FOREIGN KEY');
  });

  it('refuses a config that is not JSON', () => {
    expect(() => openRun(emptyStore(), setup({ config: { seed: Number.NaN } }))).toThrow(TypeError);
  });
});

describe('openRun', () => {
  it('gives a comparison the cells of its own exits alone', () => {
    const store = emptyStore();
    openRun(store, setup({ comparisons: [{ ...setup().comparisons[0]!, exitsA: [4], exitsB: [3, 4] }] }));
    expect(readCells(store, 'nano', 'soft-vs-sft')).toEqual([
      { exitA: 4, exitB: 3 },
      { exitA: 4, exitB: 4 },
    ]);
  });

  it('gives back what it was given, in its order', () => {
    const store = emptyStore();
    expect(openRun(store, setup())).toEqual({ run: 'nano', state: 'new' });
    expect(readInstructions(store, 'nano')).toEqual(setup().instructions);
    expect(readModels(store, 'nano')).toEqual(setup().models);
    expect(readComparisons(store, 'nano')).toEqual(setup().comparisons);
    expect(readCells(store, 'nano', 'soft-vs-sft')).toEqual([
      { exitA: 3, exitB: 3 },
      { exitA: 3, exitB: 4 },
      { exitA: 4, exitB: 3 },
      { exitA: 4, exitB: 4 },
    ]);
  });

  it('leaves everything as it is where nothing changed', () => {
    const store = sampleStore();
    finishRun(store, 'nano');
    const before = [contentDump(store), readRun(store, 'nano')];
    expect(readRun(store, 'nano')?.finishedAt).toMatch(/^\d{4}-.*Z$/);
    expect(openRun(store, setup())).toEqual({ run: 'nano', state: 'continued' });
    expect([contentDump(store), readRun(store, 'nano')]).toEqual(before);
  });

  it.each([
    ['config', { config: { seed: 2 } }],
    ['instructions', { instructions: setup().instructions.slice(1) }],
    ['a known answer', { instructions: [{ ...setup().instructions[0]!, answer: '4' }] }],
    ['weights', { models: [modelRecord('soft', 'trained again'), modelRecord('sft')] }],
    [
      'comparisons',
      { comparisons: [{ name: 'self', modelA: 'sft', modelB: 'sft', exitsA: [3, 4], exitsB: [4] }] },
    ],
  ])('makes another run of one whose %s is another, and leaves every row of the first', (_, change) => {
    const store = sampleStore();
    const before = contentDump(store);
    const { run, state } = openRun(store, setup(change));
    expect([run, state]).toEqual([`nano~${readRun(store, run)!.configSha256.slice(0, 8)}`, 'new']);
    expect(readRun(store, run)!.configSha256).not.toBe(readRun(store, 'nano')!.configSha256);
    for (const [table, rows] of Object.entries(contentDump(store))) {
      expect(
        rows.filter((row) => row['run'] !== run),
        table,
      ).toEqual(before[table]);
    }
    expect(readModels(store, run)).toEqual(setup(change).models);
    expect(readInstructions(store, run)).toEqual(setup(change).instructions);
    // Both are found again.
    expect(openRun(store, setup(change))).toEqual({ run, state: 'continued', other: 'setup' });
    expect(openRun(store, setup())).toEqual({ run: 'nano', state: 'continued' });
  });

  it('makes no other run of other labels, and has the newest', () => {
    const store = emptyStore();
    const labelled = (metadata: Readonly<Record<string, number>>) =>
      setup({ instructions: [{ ...setup().instructions[0]!, system: 'Be brief.', metadata }] });
    openRun(store, labelled({ id: 7 }));
    expect(readInstructions(store, 'nano')).toEqual(labelled({ id: 7 }).instructions);
    expect(openRun(store, labelled({ id: 8 }))).toEqual({ run: 'nano', state: 'continued' });
    expect(readInstructions(store, 'nano')).toEqual(labelled({ id: 8 }).instructions);
    const [{ metadata, ...without }] = labelled({ id: 8 }).instructions as [Instruction];
    expect(openRun(store, setup({ instructions: [without] })).state).toBe('continued');
    expect(readInstructions(store, 'nano')).toEqual([without]);
  });

  it('takes more digits for a key that is taken', () => {
    const store = sampleStore();
    const change = { config: { seed: 2 } };
    const { run } = openRun(store, setup(change));
    const other = sampleStore();
    openRun(other, setup({ run, config: { seed: 3 } }));
    const sha256 = readRun(store, run)!.configSha256;
    expect(openRun(other, setup(change)).run).toBe(`nano~${sha256.slice(0, 16)}`);
  });

  it('leaves other runs alone', () => {
    const store = sampleStore();
    openRun(store, setup({ run: 'second' }));
    saveResponses(store, 'second', responsesOf('soft', 4, { 'i-add': '3' }));
    const { run } = openRun(store, setup({ run: 'second', config: { seed: 3 } }));
    expect(readResponses(store, 'nano', { model: 'soft', exit: 4 }).size).toBe(3);
    expect(readResponses(store, 'second', { model: 'soft', exit: 4 }).size).toBe(1);
    expect(readResponses(store, run, { model: 'soft', exit: 4 }).size).toBe(0);
    expect(readOutcomes(store, 'nano', 'soft-vs-sft')).toHaveLength(1);
  });

  it('keeps known answers apart where two runs give one text different ones', () => {
    const store = emptyStore();
    const [first] = setup().instructions;
    openRun(store, setup({ run: 'one', instructions: [first!] }));
    openRun(store, setup({ run: 'two', instructions: [{ ...first!, answer: 'three' }] }));
    expect(readInstructions(store, 'one')[0]?.answer).toBe('3');
    expect(readInstructions(store, 'two')[0]?.answer).toBe('three');
  });
});

describe('openRun with a judge', () => {
  const other = { judgeKey: 'other', decoding: { mode: 'greedy' } };

  it('makes another run where verdicts of another judge are stored, and leaves every row of the first', () => {
    const store = sampleStore();
    const before = contentDump(store);
    const { run, ...opened } = openRun(store, setup({ judge: other }));
    // The answers are those of the first: the judge has all to read at once.
    expect(readResponses(store, run, { model: 'soft', exit: 4 })).toEqual(
      readResponses(store, 'nano', { model: 'soft', exit: 4 }),
    );
    expect(run).toMatch(/^nano~[0-9a-f]{8}$/);
    expect(opened).toEqual({ state: 'new', other: 'judge' });
    for (const [table, rows] of Object.entries(contentDump(store))) {
      expect(
        rows.filter((row) => row['run'] !== run),
        table,
      ).toEqual(before[table]);
    }
    saveJudge(store, run, { ...JUDGE, ...other });
    saveVerdicts(store, run, [verdict('i-add', 'ab', '1')]);
    // Each is found again, and a third is none of them.
    expect(openRun(store, setup({ judge: other })).run).toBe(run);
    expect(openRun(store, setup({ judge: JUDGE }))).toEqual({ run: 'nano', state: 'continued' });
    const third = openRun(store, setup({ judge: { ...other, decoding: { mode: 'beams' } } })).run;
    expect(['nano', run]).not.toContain(third);
  });

  it('continues the run where the judge decodes alike, or nothing is judged yet', () => {
    expect(openRun(sampleStore(), setup({ judge: JUDGE })).state).toBe('continued');
    const store = emptyStore();
    openRun(store, setup());
    saveJudge(store, 'nano', JUDGE);
    expect(openRun(store, setup({ judge: other }))).toEqual({ run: 'nano', state: 'continued' });
  });
});
