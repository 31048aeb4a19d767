import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runMain } from '../../cli/run.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { writeRecordedFolder } from '../recorded-folder.ts';
import { dumpOf } from '../trio.ts';

const root = tempFolder();

/** A pair that ties in the first order and goes to Blue in the second, and one the other way round. */
function writeTies(policy: string) {
  const asked = [{ instruction: 'Name a colour: tie-then-2' }, { instruction: 'Name a colour: 1-then-tie' }];
  const [tieThenTwo, oneThenTie] = asked;
  const answers = (output: string) => asked.map((record) => ({ ...record, output, exit: 1 }));
  const blueFirst = { response1: 'Blue', response2: 'Red' };
  const redFirst = { response1: 'Red', response2: 'Blue' };
  const verdicts = [
    { ...tieThenTwo, ...blueFirst, raw: 'Tie' },
    { ...tieThenTwo, ...redFirst, raw: '2' },
    { ...oneThenTie, ...blueFirst, raw: '1' },
    { ...oneThenTie, ...redFirst, raw: 'Tie' },
  ];
  return writeRecordedFolder(
    join(root, policy),
    { 'set.json': asked, 'a.json': answers('Blue'), 'b.json': answers('Red'), 'v.json': verdicts },
    {
      instructions: 'set.json',
      models: { a: { answers: 'a.json' }, b: { answers: 'b.json' } },
      comparisons: [{ a: 'a', b: 'b' }],
      judge: { verdicts: 'v.json' },
      policy,
    },
  );
}

describe('a pair that one order ties and the other wins', () => {
  it.each([
    ['conflict-is-tie', '1.00', 'AlpaGasus'],
    ['pandalm-author', '0.50', 'PandaLM'],
    ['both-agree', '0.00', 'MT-Bench'],
  ])('scores %s as %s, by the rule of %s', async (policy, score) => {
    const { path, output } = writeTies(policy);
    const { code, stdout, stderr } = await runMain(['sweep', path]);
    expect({ code }, stderr).toEqual({ code: 0 });
    expect(stdout).toMatch(new RegExp(`policy ${policy}\\n.*\\na@1 +${score}\\n`));
    expect(dumpOf(output)['run']![0]).toMatchObject({ policy });
  });
});
