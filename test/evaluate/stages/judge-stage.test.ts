import { describe, expect, it } from 'vitest';
import { judgeStage, judgeWith } from '../../../src/evaluate/stages/judge-stage.ts';
import type { SweepModel } from '../../../src/sources/model-source.ts';
import type { PreparedJudge } from '../../../src/sources/sources.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { fakeInstructions, fakeModel, fakeRun, generateFrom, rowsOf, scriptedSource } from '../fake-run.ts';
import { scriptedJudge, slotsOf } from '../scripted-judge.ts';

const models = [fakeModel('soft'), fakeModel('sft')];
const comparison = { name: 'soft against sft', modelA: 'soft', modelB: 'sft', exitsA: [3, 4], exitsB: [4] };

function preparedJudge(open: PreparedJudge['open']): PreparedJudge {
  return { isRemote: false, mayBeIncomplete: false, requireApiKey: () => {}, open };
}

/** A run whose models have responded: `soft i0 at 3`. */
async function generated({ instructions = fakeInstructions(3), comparisons = [comparison] } = {}) {
  const run = fakeRun({ models, instructions, comparisons });
  for (const model of models) {
    const source = scriptedSource((id, exit) => `${model.name} ${id} at ${exit}`);
    await generateFrom({ ...run, models: new Map([[model.name, model]]) }, source);
  }
  run.progress.computed.clear();
  return run;
}

describe('judging', () => {
  it('reads every pair in both orders, the instructions in their order, and stores the verdict of each', async () => {
    const run = await generated();
    const judge = scriptedJudge((first) => (first.startsWith('soft') ? '1' : '2'));
    expect(await judgeWith(run, judge)).toEqual([]);
    expect(judge.asked.map((prompt) => slotsOf(prompt).join(' | ')).slice(0, 4)).toEqual([
      'sft i0 at 4 | soft i0 at 3',
      'sft i0 at 4 | soft i0 at 4',
      'soft i0 at 3 | sft i0 at 4',
      'soft i0 at 4 | sft i0 at 4',
    ]);
    expect(judge.asked).toHaveLength(12);
    const pairs = rowsOf(run.store, 'judged_pair');
    expect(pairs).toHaveLength(12);
    const wins = run.store.all('SELECT * FROM pair_outcome WHERE ab = @a AND ba = @a', { a: 'a' });
    expect(wins).toHaveLength(6);
    expect(rowsOf(run.store, 'judge')).toMatchObject([{ judge: 'scripted judge', judge_key: 'scripted' }]);
  });

  it('reads nothing that is stored, and gives a second comparison the verdicts of equal prompts', async () => {
    const mirrored = { name: 'mirror', modelA: 'sft', modelB: 'soft', exitsA: [4], exitsB: [3, 4] };
    const run = await generated({ comparisons: [comparison, mirrored] });
    const first = scriptedJudge(() => 'Tie');
    await judgeWith({ ...run, comparisons: [comparison] }, first);
    const again = scriptedJudge(() => 'Tie');
    await judgeWith(run, again);
    expect(again.asked).toEqual([]);
    expect(rowsOf(run.store, 'judged_pair')).toHaveLength(24);
    expect(rowsOf(run.store, 'judgement')).toHaveLength(12);
  });

  it('leaves the verdicts as they were if a response is missing that this machine generates', async () => {
    const run = await generated();
    await judgeWith(
      run,
      scriptedJudge(() => 'Tie'),
    );
    const before = rowsOf(run.store, 'judged_pair');
    const instructions = fakeInstructions(4);
    const judge = scriptedJudge(() => 'Tie', 'another judge');
    const error = await inputErrorOf(() => judgeWith({ ...run, instructions }, judge));
    expect(error).toMatchObject({ code: 'empty' });
    expect(rowsOf(run.store, 'judged_pair')).toEqual(before);
  });

  it('counts pairs of which a server or a file left a response out as missing', async () => {
    const file = { ...models[1]!, mayBeIncomplete: true } as unknown as SweepModel;
    const run = await generated();
    run.store.run("DELETE FROM answer WHERE model = 'sft' AND instruction_id = 'i1'");
    const missing = await judgeWith(
      { ...run, models: new Map([...run.models, ['sft', file]]) },
      scriptedJudge(() => 'Tie'),
    );
    expect(missing.map(({ label, total, reasons }) => [label, total, reasons.length])).toEqual([
      ['scripted judge: pairs to judge', 12, 4],
    ]);
    expect(rowsOf(run.store, 'judged_pair')).toHaveLength(8);
  });

  it('keeps what was judged before an interruption, and judges only the rest the next time', async () => {
    const interrupt = new AbortController();
    const run = await generated({ instructions: fakeInstructions(40) });
    const judge = scriptedJudge(() => {
      if (judge.asked.length === 100) interrupt.abort(new Error('Ctrl-C'));
      return '1';
    });
    await expect(judgeWith({ ...run, signal: interrupt.signal }, judge)).rejects.toThrow('Ctrl-C');
    expect(rowsOf(run.store, 'judgement')).toHaveLength(100);
    await judgeWith(run, judge);
    expect(judge.asked).toHaveLength(160);
    expect(new Set(judge.asked).size).toBe(160);
  });

  it('opens the judge of the run and closes it, also after an error', async () => {
    const run = await generated();
    let open = 0;
    const judge = preparedJudge(async () => {
      open++;
      return { ...scriptedJudge(() => 'Tie'), close: async () => void open-- };
    });
    expect(await judgeStage({ ...run, judge })).toEqual([]);
    expect(open).toBe(0);
    await inputErrorOf(() => judgeStage({ ...run, instructions: fakeInstructions(4), judge }));
    expect(open).toBe(0);
  });

  it('is refused for a run without a judge', async () => {
    const run = await generated();
    const error = await inputErrorOf(() => judgeStage({ ...run, judge: undefined }));
    expect(error).toMatchObject({ code: 'bad-config', where: 'sweep fake: judge' });
  });
});
