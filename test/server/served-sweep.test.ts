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
  for (const name of ['sft', 'soft', 'early-exit'])
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

  it('has them from a server of all exits too, which says itself what it has', async () => {
    const api = await serve(['sft', 'soft'].map((name) => join(folder, 'served', name)));
    const server = { baseUrl: `${api.url}/v1` };
    const models = {
      sft: { path: 'sft' },
      'soft-local': { path: 'soft' },
      'sft-served': { server, model: 'sft' },
      'soft-served': { server, model: 'soft', exits: [2, 4] },
    };
    const setup = {
      models,
      comparisons: [],
      judge: undefined,
      kl: undefined,
      speed: undefined,
      output: 'all-exits',
    };
    const sweep = writeSweep(folder, setup, 'all-exits.yaml');
    await withSweep(sweep, async ({ store, run, models: opened, ...rest }) => {
      await runSweep({ store, run, models: opened, ...rest });
      const responsesOf = (model: string, exit: number) =>
        [...readResponses(store, run, { model, exit })].map(
          ([instruction, { responseKey: _, model: __, durationMs: ___, ...response }]) => ({
            instruction,
            ...response,
          }),
        );
      for (const [model, exit] of [
        ['sft', 3],
        ['sft', 4],
        ['soft', 2],
        ['soft', 4],
      ] as const) {
        const local = responsesOf(model === 'soft' ? 'soft-local' : model, exit);
        expect(responsesOf(`${model}-served`, exit)).toEqual(local);
        expect(local[0]!.tokenIds!.length).toBeGreaterThan(0);
      }
      expect(opened.get('soft-served')!.exits).toEqual([2, 4]);
      const sizes =
        'SELECT kind, layers, precision, body_parameters, weight_bytes FROM model WHERE run = @run AND model = @model';
      const ofModel = (model: string) => store.get(sizes, { run, model });
      expect(ofModel('soft-served')).toEqual(ofModel('soft-local'));
      // The scorer of this process reads what a server wrote: their tokenizers are one.
      const scored =
        'SELECT count(*) AS rows FROM answer JOIN likelihood USING (response_key) WHERE model = @model';
      expect(store.get(scored, { model: 'sft-served' })).toEqual({ rows: 3 * 6 });
    });
    const asking = (changes: object) =>
      withSweep(writeSweep(folder, { ...setup, ...changes }, 'refused.yaml'), () => {});
    const curves = [{ model: 'soft-served', reference: 'sft-served' }];
    await expect(asking({ kl: { curves } })).rejects.toThrow('expected a server that has `kl`');
    await expect(
      asking({ kl: { curves: [{ model: 'soft-local', reference: 'sft-served' }] } }),
    ).rejects.toThrow('expected a model and its reference in one place');
    const judge = { server, model: 'sft' };
    const comparisons = [{ a: 'soft-local', b: 'sft' }];
    await expect(asking({ judge, comparisons })).rejects.toThrow(
      'judge.decoding: expected a server that has `beams`',
    );
    await expect(asking({ models: { x: { server, model: 'x' } } })).rejects.toThrow(
      'one of the server’s models sft, soft',
    );
    await api.end();
  });
});
