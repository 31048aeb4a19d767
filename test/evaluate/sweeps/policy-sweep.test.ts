import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runMain } from '../../cli/run.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { writeTies } from '../recorded-folder.ts';
import { dumpOf } from '../trio.ts';

const root = tempFolder();

describe('a pair that one order ties and the other wins', () => {
  it.each([
    ['conflict-is-tie', '1.00', 'AlpaGasus'],
    ['pandalm-author', '0.50', 'PandaLM'],
    ['both-agree', '0.00', 'MT-Bench'],
  ])('scores %s as %s, by the rule of %s', async (policy, score) => {
    const { path, output } = writeTies(join(root, policy), { policy });
    const { code, stdout, stderr } = await runMain(['sweep', path]);
    expect({ code }, stderr).toEqual({ code: 0 });
    expect(stdout).toMatch(new RegExp(`policy ${policy}, n 2\\n.*\\na@1 +${score}\\n`));
    expect(dumpOf(output)['run']![0]).toMatchObject({ policy });
  });
});
