import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { differencesOf } from '../../scripts/break/cluster/differences.ts';
import {
  SMALL,
  sizeOf,
  WHOLE,
  writeLocalSweep,
  writeServedSweep,
  writeServeFile,
} from '../../scripts/break/cluster/sweep.ts';
import { readSweepConfig } from '../../src/config/sweep-file.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();

describe('what a disturbed sweep left', () => {
  const dump = {
    judgement: [{ key: 'a', text: '1' }],
    kl_value: [
      { key: 'a', position: 0, nats: 0.5 },
      { key: 'a', position: 1, nats: 12 },
    ],
  };
  const withNats = (nats: number) => ({
    ...dump,
    kl_value: [dump.kl_value[0]!, { ...dump.kl_value[1]!, nats }],
  });

  it('is the same up to the last bits of a sum in float32', () => {
    expect(differencesOf(dump, dump)).toEqual({ lines: [], largest: 0 });
    const near = differencesOf(withNats(12.0001), dump);
    expect(near.lines).toEqual([]);
    expect(near.largest).toBeCloseTo(1e-4 / 12, 8);
    expect(differencesOf(withNats(12.01), dump).lines).toEqual(['table kl_value: 1 of 2 rows differ']);
  });

  it.each([
    ['a lost row', { ...dump, kl_value: dump.kl_value.slice(1) }, 'table kl_value: expected 2 rows, found 1'],
    ['a doubled row', { ...dump, kl_value: [...dump.kl_value, dump.kl_value[0]!] }, 'found 3'],
    [
      'another text',
      { ...dump, judgement: [{ key: 'a', text: '2' }] },
      'table judgement: 1 of 1 rows differ',
    ],
    ['another count', { ...dump, kl_value: dump.kl_value.map((row) => ({ ...row, position: 1 })) }, '1 of 2'],
    ['a lost table', { kl_value: dump.kl_value }, 'table judgement: expected 1 rows, found 0'],
    ['a number that is none any more', withNats(Number.NaN), '1 of 2'],
  ])('differs by %s', (_, found, line) => {
    expect(differencesOf(found, dump).lines.join()).toContain(line);
  });
});

describe('the sweep that is disturbed', () => {
  it('asks the server for answers, verdicts, KL and loglikelihoods', () => {
    const path = writeServedSweep(join(folder, 'trial'), 'http://10.0.0.1:8000/v1', {
      ...SMALL,
      instructions: 3,
      exits: [4, 10],
    });
    const { config } = readSweepConfig(path);
    expect(config.limit).toBe(3);
    for (const source of [...Object.values(config.models), config.judge])
      expect(source).toHaveProperty('server');
    expect(config.kl?.curves).toHaveLength(1);
  });

  it('is on this machine’s engine the same but for its sources', () => {
    const size = { ...SMALL, instructions: 3, exits: [4, 10] };
    const paths = [
      writeServedSweep(join(folder, 'served'), 'http://10.0.0.1:8000/v1', size),
      writeLocalSweep(join(folder, 'local'), size),
    ];
    const [served, local] = paths.map((path) => {
      const { models, judge, ...rest } = parse(readFileSync(path, 'utf8'));
      return { ...rest, models: Object.keys(models), decoding: judge.decoding };
    });
    expect(local).toEqual(served);
    expect(readSweepConfig(paths[1]!).config.judge).toHaveProperty('path');
  });

  it('is the nano run where it is whole, but for its speeds', () => {
    const nano = parse(readFileSync('eval-data/nano/sweep.yaml', 'utf8'));
    const whole = parse(readFileSync(writeLocalSweep(join(folder, 'whole'), WHOLE), 'utf8'));
    expect(Object.keys(whole.models)).toEqual(Object.keys(nano.models));
    expect(whole.comparisons).toEqual(nano.comparisons);
    expect(whole.kl).toEqual(nano.kl);
    expect([whole.generation.maxNewTokens, whole.limit]).toEqual([nano.generation.maxNewTokens, 170]);
  });

  it('is made of the checkpoints and instructions of a folder, judged where there is a judge', () => {
    const data = 'eval-data/nano/data/test.json';
    const [judged, unjudged] = ['eval-data/nano/models', folder].map((checkpoints) => {
      const path = writeLocalSweep(join(folder, 'own'), sizeOf(checkpoints, data, 5));
      return parse(readFileSync(path, 'utf8'));
    });
    expect(judged.judge.path).toMatch(/nano.models.judge$/);
    expect(unjudged).not.toHaveProperty('judge');
    expect(unjudged).not.toHaveProperty('comparisons');
    expect(unjudged.models.soft.path).toBe(join(folder, 'soft'));
    expect(unjudged).toMatchObject({ limit: 5, instructions: expect.stringMatching(/nano.data.test.json$/) });
  });

  it('has replicas of what is asked most on every node', () => {
    const { path, replicas } = writeServeFile(folder, { ...SMALL, instructions: 3 }, 3);
    const { models, judges } = parse(readFileSync(path, 'utf8'));
    expect([models.soft.replicas, judges.judge.replicas, models.sft.replicas]).toEqual([3, 3, 1]);
    expect(replicas).toBe(8);
  });
});
