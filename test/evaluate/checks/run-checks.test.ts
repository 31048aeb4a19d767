import { beforeAll, describe, expect, it } from 'vitest';
import type { Outcome, Preference } from '../../../src/core/domain.ts';
import { type OutcomesByComparison, runChecks } from '../../../src/evaluate/checks/run-checks.ts';
import type { Sweep } from '../../../src/evaluate/open-sweep.ts';
import { generateStage } from '../../../src/evaluate/stages/generate-stage.ts';
import { readResponses, saveResponses } from '../../../src/store/tables/response-table.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { withSweep, writeSweep, writeTrio } from '../trio.ts';

const folder = tempFolder();

beforeAll(async () => {
  writeTrio(folder);
});

/** A generated sweep with one comparison of two sub-models at exit 4 for each of `pairs`. */
async function withPairs(pairs: [string, string][], use: (sweep: Sweep) => unknown, changes: object = {}) {
  const comparisons = pairs.map(([a, b]) => ({ a, b, exitsA: [4], exitsB: [4] }));
  const path = writeSweep(folder, { comparisons, kl: undefined, ...changes });
  await withSweep(path, async (sweep) => {
    await generateStage(sweep);
    await use(sweep);
  });
}

/** For each comparison, the same preferences for every instruction. */
function outcomes(sweep: Sweep, ...preferences: [ab: Preference, ba: Preference][]): OutcomesByComparison {
  const all = sweep.comparisons.map(
    ({ name }, index): [string, { exitA: 4; exitB: 4; outcomes: Outcome[] }[]] => {
      const [ab, ba] = preferences[index]!;
      return [
        name,
        [
          {
            exitA: 4,
            exitB: 4,
            outcomes: sweep.instructions.map(({ id }) => ({ instructionId: id, ab, ba })),
          },
        ],
      ];
    },
  );
  return new Map(all);
}

const resultOf = (sweep: Sweep, name: string, ...preferences: [Preference, Preference][]) =>
  runChecks(sweep, outcomes(sweep, ...preferences)).find((check) => check.name === name)?.passed;

describe('the share of malformed verdicts', () => {
  it('may reach the limit, and not pass it', async () => {
    const name = 'malformed verdicts';
    const half: [Preference, Preference] = ['malformed', 'a'];
    const at = (malformedShare: number) => ({ limits: { malformedShare } });
    await withPairs([['soft', 'sft']], (sweep) => expect(resultOf(sweep, name, half)).toBe(true), at(0.5));
    await withPairs([['soft', 'sft']], (sweep) => expect(resultOf(sweep, name, half)).toBe(false), at(0.49));
  });
});

describe('identical answers', () => {
  const name = 'identical answers score 0';

  it('must not favour one model', () =>
    withPairs([['sft', 'early-exit']], (sweep) => {
      expect(resultOf(sweep, name, ['a', 'b'])).toBe(true);
      expect(resultOf(sweep, name, ['tie', 'tie'])).toBe(true);
      expect(resultOf(sweep, name, ['a', 'a'])).toBe(false);
      expect(resultOf(sweep, name, ['tie', 'b'])).toBe(false);
    }));

  it('are not looked for among different ones', () =>
    withPairs([['sft', 'soft']], (sweep) => expect(resultOf(sweep, name, ['a', 'a'])).toBeUndefined()));
});

describe('two comparisons of the same models', () => {
  it('must mirror each other', () =>
    withPairs(
      [
        ['soft', 'sft'],
        ['sft', 'soft'],
      ],
      (sweep) => {
        const name = 'soft against sft mirrors sft against soft';
        expect(resultOf(sweep, name, ['a', 'a'], ['b', 'b'])).toBe(true);
        expect(resultOf(sweep, name, ['tie', 'a'], ['b', 'tie'])).toBe(true);
        expect(resultOf(sweep, name, ['a', 'b'], ['b', 'a'])).toBe(true);
        expect(resultOf(sweep, name, ['a', 'a'], ['a', 'a'])).toBe(false);
        expect(resultOf(sweep, name, ['a', 'a'], ['b', 'tie'])).toBe(false);
      },
    ));
});

describe('early-exit at full depth', () => {
  const name = 'early-exit@4 equals sft@4';

  it('must answer as its SFT model does', () =>
    withPairs([['soft', 'sft']], (sweep) => {
      expect(resultOf(sweep, name, ['tie', 'tie'])).toBe(true);
      giveWrongAnswer(sweep);
      expect(resultOf(sweep, name, ['tie', 'tie'])).toBe(false);
    }));

  it('is not confused with the deepest exit of a sweep that leaves out full depth', async () => {
    const models = Object.fromEntries(
      ['sft', 'early-exit'].map((model) => [model, { path: `imported-${model}`, exits: [2, 3] }]),
    );
    const { importCheckpoint } = await import('../../../src/model/folder/import-checkpoint.ts');
    for (const model of ['sft', 'early-exit']) {
      importCheckpoint(`${folder}/${model}`, `${folder}/imported-${model}`);
    }
    await withSweep(
      writeSweep(folder, { models, comparisons: undefined, kl: undefined, output: 'shallow' }),
      async (sweep) => {
        await generateStage(sweep);
        expect(runChecks(sweep, new Map())).toEqual([]);
      },
    );
  });
});

/** Lets early-exit's last exit point at an answer of its first. */
function giveWrongAnswer({ store, run, instructions }: Sweep): void {
  const instructionId = instructions[0]!.id;
  const { responseKey } = readResponses(store, run, { model: 'early-exit', exit: 2 }).get(instructionId)!;
  saveResponses(store, run, {
    responses: [],
    mappings: [{ model: 'early-exit', exit: 4, instructionId, responseKey }],
  });
}
