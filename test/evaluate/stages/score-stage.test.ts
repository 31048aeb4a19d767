import { describe, expect, it } from 'vitest';
import { POLICIES } from '../../../src/core/domain.ts';
import { judgeWith } from '../../../src/evaluate/stages/judge-stage.ts';
import { scoreStage } from '../../../src/evaluate/stages/score-stage.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { fakeModel, fakeRun, generateFrom, rowsOf, scriptedSource } from '../fake-run.ts';
import { scriptedJudge } from '../scripted-judge.ts';

const comparison = { name: 'soft against sft', modelA: 'soft', modelB: 'sft', exitsA: [4], exitsB: [3, 4] };
const config = {
  limits: { malformedShare: 0.1 },
  malformed: 'dropped' as const,
  policy: 'average' as const,
  seed: 1,
};

/** A run in which `soft` and `sft` have responded: `soft i0 at 4`. */
async function generated(sft = {}) {
  const run = fakeRun({
    models: [fakeModel('soft'), fakeModel('sft', sft)],
    comparisons: [comparison],
  });
  for (const [name, model] of run.models) {
    const source = scriptedSource((id, exit) => `${name} ${id} at ${exit}`);
    await generateFrom({ ...run, models: new Map([[name, model]]) }, source);
  }
  return { ...run, judge: undefined, config: { ...run.config, ...config } };
}

describe('scoring', () => {
  it('gives every cell a score under every policy, and passes its checks', async () => {
    const run = await generated();
    await judgeWith(
      run,
      scriptedJudge((first) => (first.startsWith('soft') ? '1' : '2')),
    );
    const checks = scoreStage(run);
    expect(checks.map(({ name, passed }) => [name, passed])).toEqual([['malformed verdicts', true]]);
    const scores = rowsOf(run.store, 'cell_score');
    expect(scores).toHaveLength(2 * POLICIES.length);
    for (const cell of scores) expect(cell).toMatchObject({ score: 1, ci_low: 1, ci_high: 1 });
    expect(rowsOf(run.store, 'run_check')).toHaveLength(1);
  });

  it('fails the check of malformed verdicts above the limit', async () => {
    const run = await generated();
    await judgeWith(
      run,
      scriptedJudge(() => 'no idea'),
    );
    expect(scoreStage(run)).toMatchObject([{ name: 'malformed verdicts', passed: false }]);
  });

  it('is refused before everything is judged, and leaves older scores as they were', async () => {
    const run = await generated();
    const error = await inputErrorOf(() => scoreStage(run));
    expect(error).toMatchObject({ code: 'empty', expected: '6 pairs judged in both orders', found: '0' });
    expect(rowsOf(run.store, 'cell_score')).toEqual([]);
  });

  it('leaves out a cell whose responses a server left out, and a check fails', async () => {
    const run = await generated({ mayBeIncomplete: true });
    run.store.run("DELETE FROM answer WHERE model = 'sft' AND exit = 3 AND instruction_id = 'i1'");
    await judgeWith(
      run,
      scriptedJudge(() => 'Tie'),
    );
    const failed = scoreStage(run).filter(({ passed }) => !passed);
    expect(failed.map(({ name, detail }) => `${name}: ${detail}`)).toEqual([
      'every instruction is answered: sft@3 lacks 1 of 3',
      'soft against sft: every pair is judged: 1 of 6 pairs have no verdict; 1 of 2 cells are not scored',
    ]);
    expect(new Set(rowsOf(run.store, 'cell_score').map((cell) => cell['exit_b']))).toEqual(new Set([4]));
  });
});
