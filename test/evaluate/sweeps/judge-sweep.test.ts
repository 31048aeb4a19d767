import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { POLICIES } from '../../../src/core/domain.ts';
import { silentProgress } from '../../../src/core/progress.ts';
import { closeSweep, openSweep } from '../../../src/evaluate/open-sweep.ts';
import { readResponseTexts } from '../../../src/evaluate/plan/response-texts.ts';
import { generateStage } from '../../../src/evaluate/stages/generate-stage.ts';
import { judgeStage, judgeWith } from '../../../src/evaluate/stages/judge-stage.ts';
import { scoreStage } from '../../../src/evaluate/stages/score-stage.ts';
import { judgePrompt, stripResponse } from '../../../src/judge/protocols/pandalm-prompt.ts';
import { read } from '../../../src/store/read/read.ts';
import { scoresRead } from '../../../src/store/read/score-reads.ts';
import { summaryText } from '../../../src/terminal/reports/run-summary.ts';
import { contentDump } from '../../support/content-dump.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { scriptedJudge, slotsOf } from '../scripted-judge.ts';
import { dumpOf, withSweep, writeSweep, writeTrio } from '../trio.ts';

const folder = tempFolder();
const one = [{ a: 'soft', b: 'sft', exitsA: [2, 4], exitsB: [3] }];

beforeAll(async () => {
  writeTrio(folder);
  await withSweep(sweepNamed('shared'), generateStage);
});

/** Runs of one results file share their answers. */
function sweepNamed(name: string, comparisons: unknown = one, changes: object = {}): string {
  return writeSweep(folder, { name, comparisons, kl: undefined, ...changes }, `${name}.yaml`);
}

describe('judging too early', () => {
  it('says which command comes first and leaves the results as they were', async () => {
    await withSweep(sweepNamed('early', one, { output: 'early' }), async (sweep) => {
      const before = contentDump(sweep.store);
      const error = await inputErrorOf(() => judgeStage(sweep));
      expect(error.code).toBe('empty');
      expect(error.message).toContain('sorted-eval generate <sweep.yaml>');
      expect(contentDump(sweep.store)).toEqual(before);
    });
  });

  it('is refused for scores, too', async () => {
    await withSweep(sweepNamed('unjudged'), async (sweep) => {
      await generateStage(sweep);
      const error = await inputErrorOf(() => scoreStage(sweep));
      expect(error.code).toBe('empty');
      expect(error.message).toContain('sorted-eval judge <sweep.yaml>');
    });
  });
});

describe('both orders', () => {
  it('have the answer of model a in slot 1 and in slot 2, prompts that begin alike together', async () => {
    const judge = scriptedJudge(() => '1\n');
    await withSweep(sweepNamed('slots'), async (sweep) => {
      await generateStage(sweep);
      await judgeWith(sweep, judge);
      const answers = readResponseTexts(sweep);
      const expected = sweep.instructions.flatMap((instruction) => {
        const slots = [2, 4].flatMap((exitA) => {
          const a = answers('soft', exitA, instruction.id)!;
          const b = answers('sft', 3, instruction.id)!;
          return [[a, b] as const, [b, a] as const];
        });
        return slots.map(([first, second]) => judgePrompt(instruction, first, second)).toSorted();
      });
      expect(judge.asked).toEqual([...new Set(expected)]);
    });
  });

  it('cancel out for a judge that always takes slot 1', async () => {
    await withSweep(sweepNamed('slots'), (sweep) => {
      scoreStage({ ...sweep, run: 'slots' });
      const scores = read(sweep.store, scoresRead('slots')).filter(({ policy }) => policy === 'average');
      expect(scores.map(({ wins, losses, score }) => [wins, losses, score])).toEqual([
        [3, 3, 0],
        [3, 3, 0],
      ]);
    });
  });

  it('agree for a judge that goes by the text', async () => {
    const judge = scriptedJudge(
      (first, second) => (first > second ? '1' : first < second ? '2' : 'Tie'),
      'greater',
    );
    await withSweep(sweepNamed('greater'), async (sweep) => {
      await generateStage(sweep);
      await judgeWith(sweep, judge);
      scoreStage(sweep);
      const answers = readResponseTexts(sweep);
      const signOf = (first: string, second: string) => (first > second ? 1 : first < second ? -1 : 0);
      const scores = read(sweep.store, scoresRead('greater'));
      expect(scores).toHaveLength(2 * POLICIES.length);
      expect(scores.some(({ score }) => score !== 0)).toBe(true);
      for (const { exitA, exitB, score } of scores) {
        const signs: number[] = sweep.instructions.map(({ id }) =>
          signOf(stripResponse(answers('soft', exitA, id)!), stripResponse(answers('sft', exitB, id)!)),
        );
        expect(score).toBeCloseTo(signs.reduce((sum, sign) => sum + sign) / 6, 12);
      }
    });
  });
});

describe('a prompt', () => {
  it('is asked once for both orders of identical answers', async () => {
    const judge = scriptedJudge(() => '2\n');
    await withSweep(
      sweepNamed('same', [{ a: 'sft', b: 'early-exit', exitsA: [4], exitsB: [4] }]),
      async (s) => {
        await generateStage(s);
        await judgeWith(s, judge);
      },
    );
    expect(judge.asked).toHaveLength(6);
    for (const prompt of judge.asked) expect(slotsOf(prompt)[0]).toBe(slotsOf(prompt)[1]);
    expect(pairsOf('same')).toHaveLength(12);
  });

  it('is asked again of another judge, and not of the same one under another label', async () => {
    const [known, other] = [scriptedJudge(() => '1', 'greater'), scriptedJudge(() => '1', 'other')];
    await withSweep(sweepNamed('greater'), async (opened) => {
      // The sweep file's own judge is another one, and so its run.
      expect(opened.run).toMatch(/^greater~/);
      const sweep = { ...opened, run: 'greater' };
      await judgeWith(sweep, { ...known, label: 'renamed' });
      expect(pairsOf('greater')).toHaveLength(24);
      await judgeWith(sweep, other);
    });
    expect(known.asked).toEqual([]);
    const keys = new Set(pairsOf('greater').map((pair) => pair['judgement_key']));
    expect(other.asked).toHaveLength(keys.size);
  });
});

describe('malformed verdicts', () => {
  it('are counted as such, stay in the total, and fail the check above the limit', async () => {
    const judge = scriptedJudge((first, second) => (first > second ? '1 is better' : 'Tie'), 'malformed');
    await withSweep(sweepNamed('malformed'), async (sweep) => {
      await generateStage(sweep);
      await judgeWith(sweep, judge);
      const [check] = scoreStage(sweep);
      const scores = read(sweep.store, scoresRead('malformed')).filter(({ policy }) => policy === 'pooled');
      const answers = readResponseTexts(sweep);
      for (const { exitA, wins, losses, ties, malformed, total } of scores) {
        const different = sweep.instructions.filter(
          ({ id }) => stripResponse(answers('soft', exitA, id)!) !== stripResponse(answers('sft', 3, id)!),
        );
        expect({ wins, losses, ties, malformed, total }).toEqual({
          wins: 0,
          losses: 0,
          ties: 12 - different.length,
          malformed: different.length,
          total: 12,
        });
      }
      const malformed = scores.reduce((sum, score) => sum + score.malformed, 0);
      expect(check).toMatchObject({ name: 'malformed verdicts', passed: false });
      expect(check!.detail).toMatch(new RegExp(`^${malformed} of 24 .*limit 5.0 %$`));
    });
  });
});

describe('malformed: tie', () => {
  it('counts them as ties under every policy, says so, and leaves the check as it is', async () => {
    await withSweep(sweepNamed('malformed', one, { malformed: 'tie' }), (sweep) => {
      const [check] = scoreStage({ ...sweep, run: 'malformed' });
      expect(check).toMatchObject({ name: 'malformed verdicts', passed: false });
      const scores = read(sweep.store, scoresRead('malformed'));
      expect(scores).toHaveLength(2 * POLICIES.length);
      for (const { policy, ties, malformed, malformedRule } of scores) {
        expect({ ties, malformed, malformedRule }).toEqual({
          ties: policy === 'pooled' ? 12 : 6,
          malformed: 0,
          malformedRule: 'tie',
        });
      }
      expect(summaryText(sweep.store, 'malformed')).toContain('policy average, malformed: tie, n 6\n');
    });
  });
});

describe('an interrupted judge', () => {
  it('has its answers so far stored, and is asked only for the others the next time', async () => {
    const interrupt = new AbortController();
    const judge = scriptedJudge(() => {
      if (judge.asked.length === 7) interrupt.abort();
      return 'Tie';
    }, 'interrupted');
    const options = { progress: silentProgress, signal: interrupt.signal };
    const sweep = await openSweep(sweepNamed('interrupted'), options);
    await generateStage({ ...sweep, signal: new AbortController().signal });
    await expect(judgeWith(sweep, judge)).rejects.toThrow('aborted');
    closeSweep(sweep);
    expect(judge.asked).toHaveLength(7);
    expect(pairsOf('interrupted').length).toBeGreaterThanOrEqual(7);
    expect(pairsOf('interrupted').length).toBeLessThan(24);
    await withSweep(sweepNamed('interrupted'), (again) => judgeWith({ ...again, run: 'interrupted' }, judge));
    expect(pairsOf('interrupted')).toHaveLength(24);
    expect(new Set(judge.asked).size).toBe(judge.asked.length);
  });
});

const pairsOf = (run: string) =>
  dumpOf(join(folder, 'out'))['judged_pair']!.filter((pair) => pair['run'] === run);
