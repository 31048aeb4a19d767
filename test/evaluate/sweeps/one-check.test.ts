import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { runMain } from '../../cli/run.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { writeTies } from '../recorded-folder.ts';

const checks = vi.hoisted(() => ({ count: 0 }));
vi.mock('../../../src/store/damage/integrity.ts', async (original) => {
  const real = await original<typeof import('../../../src/store/damage/integrity.ts')>();
  return {
    ...real,
    requireIntact: (...args: Parameters<typeof real.requireIntact>) => {
      checks.count++;
      return real.requireIntact(...args);
    },
  };
});

const root = tempFolder();

describe('the check of a results file that is there', () => {
  it.each(['sweep', 'score', 'report'])('is made once by %s', async (command) => {
    const { path } = writeTies(join(root, command));
    expect((await runMain(['sweep', path])).code).toBe(0);
    checks.count = 0;
    expect((await runMain([command, path])).code).toBe(0);
    expect(checks.count).toBe(1);
  });
});
