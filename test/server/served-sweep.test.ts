import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runSweep } from '../../src/evaluate/run-sweep.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { readResponses } from '../../src/store/tables/response-table.ts';
import { withSweep, writeSweep, writeTrio } from '../evaluate/trio.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { serve } from './served.ts';

const folder = tempFolder();
const EXITS = [2, 3, 4];

beforeAll(() => {
  writeTrio(folder);
  for (const name of ['soft', 'early-exit'])
    importCheckpoint(join(folder, name), join(folder, 'served', name), { precision: 'fp32' });
});

describe('a sweep whose models are served', () => {
  it('has the responses of the same models at hand, and so the judge reads nothing new', async () => {
    const api = await serve(['soft', 'early-exit'].map((name) => join(folder, 'served', name)));
    const endpoint = { baseUrl: `${api.url}/v1` };
    const exits = (name: string) => Object.fromEntries(EXITS.map((exit) => [exit, `${name}@${exit}`]));
    const models = {
      soft: { path: 'soft' },
      'early-exit': { path: 'early-exit' },
      'soft-served': { endpoint, exits: exits('soft') },
      'early-exit-served': { endpoint, exits: exits('early-exit') },
    };
    const comparisons = [
      { a: 'soft', b: 'early-exit' },
      { a: 'soft-served', b: 'early-exit-served' },
    ];
    const sweep = writeSweep(folder, { models, comparisons, kl: undefined, speed: undefined });
    await withSweep(sweep, async (opened) => {
      await runSweep(opened);
      const responsesOf = (model: string, exit: number) =>
        [...readResponses(opened.store, opened.run, { model, exit })].map(([instruction, response]) => {
          const { state, text, promptTokens, generatedTokens } = response;
          return { instruction, state, text, promptTokens, generatedTokens };
        });
      for (const name of ['soft', 'early-exit'])
        for (const exit of EXITS) {
          const local = responsesOf(name, exit);
          expect(local).toHaveLength(6);
          expect(responsesOf(`${name}-served`, exit)).toEqual(local);
        }
    });
    await api.end();
  });
});
