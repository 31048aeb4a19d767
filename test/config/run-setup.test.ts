import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { NANO_SWEEP } from '../../src/config/nano-run.ts';
import { runSetup } from '../../src/config/run-setup.ts';
import { readSweepConfig, type SweepConfig, sweepSchema } from '../../src/config/sweep-file.ts';
import { canonicalJson } from '../../src/core/json.ts';
import { endpointSchema } from '../../src/sources/http/endpoint.ts';
import { JUDGE_SOURCES, MODEL_SOURCES } from '../../src/sources/sources.ts';

const SMALLEST = { name: 'x', instructions: 'i.json', output: 'out' };
const setupOf = (more: object) =>
  canonicalJson(runSetup(sweepSchema.parse({ ...SMALLEST, ...more }) as SweepConfig));
const endpoint = { baseUrl: 'http://a/v1' };

describe('the setup of a run', () => {
  it('of the nano sweep is the text that every release wrote', () => {
    const curve = (model: string, reference: string) => ({ model, reference });
    expect(canonicalJson(runSetup(readSweepConfig(NANO_SWEEP).written))).toBe(
      canonicalJson({
        name: 'nano',
        instructions: 'data/test.json',
        models: {
          sft: { path: 'models/sft', label: 'SFT' },
          soft: { path: 'models/soft', label: 'SoFT' },
          'early-exit': { path: 'models/early-exit', label: 'Early-exit' },
        },
        comparisons: [
          { a: 'soft', b: 'sft' },
          { a: 'soft', b: 'early-exit' },
        ],
        generation: { maxNewTokens: 48, batchSize: 64 },
        kl: {
          positions: 20,
          curves: [
            ...[curve('soft', 'sft'), curve('sft', 'soft'), curve('soft', 'soft'), curve('sft', 'sft')],
            curve('early-exit', 'early-exit'),
          ],
        },
        speed: { batchSizes: [1, 16], steps: 64 },
        seed: 1,
        output: '../../reports/nano',
      }),
    );
  });

  it('holds the first tokens that were decided, and nothing where none was', () => {
    const written = sweepSchema.parse({ ...SMALLEST, models: { soft: { path: 'p' } } }) as SweepConfig;
    expect(canonicalJson(runSetup(written, {}))).toBe(canonicalJson(runSetup(written)));
    expect(runSetup(written, { soft: 1 })).toEqual({
      ...(runSetup(written) as object),
      firstTokens: { soft: 1 },
    });
  });

  it.each([
    [
      'a folder',
      { m: { path: 'p', label: 'M', exits: [2], precision: 'int8' } },
      '{"m":{"exits":[2],"label":"M","path":"p","precision":"int8"}}',
    ],
    [
      'a server',
      {
        m: { endpoint: { ...endpoint, maxTries: 2, apiKeyEnv: 'K' }, exits: { 2: 'x' }, extraBody: { n: 1 } },
      },
      '{"m":{"endpoint":{"api":"completions","baseUrl":"http://a/v1"},"exits":{"2":"x"},"extraBody":{"n":1}}}',
    ],
    ['a file', { m: { answers: 'a.json' } }, '{"m":{"answers":"a.json"}}'],
  ])('writes a model of %s as every release wrote it', (_source, models, text) => {
    expect(setupOf({ models })).toContain(`"models":${text},"name"`);
  });

  it('goes by no judge, no scorer, no limits and no counting of verdicts', () => {
    const models = { m: { path: 'p' } };
    const more = {
      judge: { path: 'j', protocol: 'mt-bench' },
      ...{ policy: 'pooled', malformed: 'tie', identical: 'tie' },
      limits: { malformedShare: 1 },
      likelihood: { reference: 'm' },
    };
    expect(setupOf({ models, ...more })).toBe(setupOf({ models }));
  });

  it('has no word of records that are read as before there was a choice', () => {
    const models = { m: { path: 'p' } };
    expect(setupOf({ models, records: {} })).toBe(setupOf({ models }));
    expect(setupOf({ models, records: { turns: 'first' } })).toContain('"records":{"turns":"first"}');
  });

  it('goes by everything else', () => {
    const models = { m: { path: 'p' } };
    const setups = [
      {},
      { seed: 2 },
      { limit: 1 },
      ...[
        { turns: 'first' },
        { duplicates: 'first' },
        { ignoreKeys: ['a'] },
        { columns: { query: 'a' } },
      ].map((records) => ({ records })),
      { generation: { maxNewTokens: 1 } },
      { speed: { steps: 1 } },
      { kl: { curves: [] } },
    ].map((more) => setupOf({ models, ...more }));
    expect(new Set(setups).size).toBe(setups.length);
  });
});

/** Dotted names of keys without a description. */
function undescribed(schema: z.core.$ZodType, path: string): string[] {
  if (schema instanceof z.ZodArray) return undescribed(schema.element, path);
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return undescribed(schema.def.innerType, path);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([key, value]: [string, z.ZodType]) => [
    ...(value.description ? [] : [`${path}${key}`]),
    ...undescribed(value, `${path}${key}.`),
  ]);
}

it.each<[string, z.ZodObject]>([
  ['the sweep file', sweepSchema],
  ['an endpoint', endpointSchema],
  ...MODEL_SOURCES.map(({ key, schema }) => [`a model with ${key}`, schema] as [string, z.ZodObject]),
  ...JUDGE_SOURCES.map(({ key, keys }) => [`a judge with ${key}`, keys] as [string, z.ZodObject]),
])('every key of %s has a description, which docs/sweep-file.md shows', (_name, schema) => {
  expect(undescribed(schema, '')).toEqual([]);
  expect(Object.keys(schema.shape).length).toBeGreaterThan(1);
});
