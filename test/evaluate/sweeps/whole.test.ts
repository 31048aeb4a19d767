import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { POLICIES } from '../../../src/core/domain.ts';
import type { Sweep } from '../../../src/evaluate/open-sweep.ts';
import { runSweep } from '../../../src/evaluate/run-sweep.ts';
import { figuresStage } from '../../../src/evaluate/stages/figures-stage.ts';
import { generateStage } from '../../../src/evaluate/stages/generate-stage.ts';
import { judgeStage } from '../../../src/evaluate/stages/judge-stage.ts';
import { klStage } from '../../../src/evaluate/stages/kl-stage.ts';
import { loglikelihoodStage } from '../../../src/evaluate/stages/loglikelihood-stage.ts';
import { scoreStage } from '../../../src/evaluate/stages/score-stage.ts';
import { speedStage } from '../../../src/evaluate/stages/speed-stage.ts';
import { FIGURES } from '../../../src/figures/run/figure-list.ts';
import { runMain } from '../../cli/run.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { countingProgress, dumpOf, withSweep, writeSweep, writeTrio } from '../trio.ts';

const folder = tempFolder();
const output = join(folder, 'out');
let whole: ReturnType<typeof dumpOf>;

beforeAll(async () => {
  writeTrio(folder);
  const { figures } = await withSweep(writeSweep(folder), runSweep);
  expect(figures.map((path) => path.replace(`${output}/`, ''))).toEqual(FILES);
  whole = dumpOf(output);
});

const FILES = FIGURES.filter(({ isFor }) => isFor === undefined).map(({ name }) => `${name}.png`);

describe('a sweep over a trio', () => {
  it('answers at every exit, judges every pair in both orders, measures KL, scores and checks', () => {
    expect(whole['answer']).toHaveLength(3 * 3 * 6);
    expect(whole['judged_pair']).toHaveLength(2 * 9 * 6 * 2);
    expect(whole['kl_curve']).toHaveLength(3 * 6);
    expect(whole['kl_value']).toHaveLength(3 * 6 * 4);
    expect(whole['likelihood']).toHaveLength(3 * 3 * 6 - 6);
    expect(whole['cell_score']).toHaveLength(2 * 9 * POLICIES.length);
    expect(whole['run_check']!.length).toBeGreaterThanOrEqual(2);
  });

  it('draws four PNGs beside the results', () => {
    for (const name of FILES) {
      expect(readFileSync(join(output, name)).subarray(1, 4).toString()).toBe('PNG');
    }
  });

  it('draws the same PNGs from the results file alone, and vectors beside them', async () => {
    const args = ['figures', '--db', join(output, 'results.db'), '--out', join(folder, 'drawn')];
    const { code, stderr } = await runMain([...args, '--format', 'png,svg,pdf']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of FILES) {
      expect(readFileSync(join(folder, 'drawn', name))).toEqual(readFileSync(join(output, name)));
    }
    expect(readdirSync(join(folder, 'drawn'))).toHaveLength(12);
  });

  it('computes nothing when it is given again, and ends with the same content and pixels', async () => {
    const pixels = () => FILES.map((name) => readFileSync(join(output, name)));
    const before = pixels();
    const progress = countingProgress();
    await withSweep(writeSweep(folder), runSweep, progress);
    expect(progress.computed).toEqual(new Map());
    expect(dumpOf(output)).toEqual(whole);
    expect(pixels()).toEqual(before);
  });

  it('says the same when each stage runs alone', async () => {
    const path = writeSweep(folder, { output: 'alone' }, 'alone.yaml');
    const stages: ((sweep: Sweep) => unknown)[] = [
      generateStage,
      speedStage,
      judgeStage,
      klStage,
      loglikelihoodStage,
      scoreStage,
      figuresStage,
    ];
    for (const stage of stages) await withSweep(path, stage);
    expect(withoutOutput(dumpOf(join(folder, 'alone')))).toEqual(withoutOutput(whole));
    expect(readdirSync(join(folder, 'alone')).filter((name) => name.endsWith('.png'))).toHaveLength(4);
  });
});

/** The output directory is part of the sweep file as it is stored. */
function withoutOutput(dump: ReturnType<typeof dumpOf>) {
  const runs = dump['run']!.map(({ config_json, config_sha256, ...run }) => run);
  return { ...dump, run: runs };
}

describe('the size of a sweep', () => {
  it('may be one model at one exit without comparisons, curves or judge', async () => {
    const changes = {
      models: { only: { path: 'soft', exits: [4] } },
      comparisons: undefined,
      judge: undefined,
      kl: undefined,
      output: 'one',
    };
    const { checks, figures } = await withSweep(writeSweep(folder, changes), runSweep);
    expect(checks).toEqual([]);
    expect(figures).toHaveLength(2);
    expect(dumpOf(join(folder, 'one'))['answer']).toHaveLength(6);
  });

  it('may be four models and three comparisons, one of a model against itself at chosen exits', async () => {
    const path = (name: string) => ({ path: name });
    const changes = {
      limit: 3,
      models: { a: path('sft'), b: path('soft'), c: path('early-exit'), judge: path('judge') },
      comparisons: [
        { a: 'a', b: 'b', exitsA: [4] },
        { a: 'b', b: 'b', exitsA: [2, 3], exitsB: [3, 4] },
        { a: 'judge', b: 'c', exitsB: [2] },
      ],
      kl: { positions: 2, curves: [{ model: 'judge', reference: 'judge', referenceExit: 1 }] },
      output: 'four',
    };
    await withSweep(writeSweep(folder, changes), runSweep);
    const dump = dumpOf(join(folder, 'four'));
    const cells = dump['cell']!.map(({ comparison, exit_a, exit_b }) => `${comparison} ${exit_a} ${exit_b}`);
    expect(cells).toEqual([
      ...['a against b 4 2', 'a against b 4 3', 'a against b 4 4'],
      ...['b against b 2 3', 'b against b 2 4', 'b against b 3 3', 'b against b 3 4'],
      ...['judge against c 1 2', 'judge against c 2 2'],
    ]);
    expect(dump['judged_pair']).toHaveLength(9 * 3 * 2);
  });
});
