import { defineConfig } from 'vitest/config';
import { ALONE, SIDE_BY_SIDE } from './vitest.unit.config.ts';

const testsOf = (globs: readonly string[]) =>
  globs.map((glob) => (glob.endsWith('.ts') ? glob : `${glob}/*.test.ts`));

const slow = { testTimeout: 60_000, hookTimeout: 60_000, globalSetup: 'test/support/compile-sources.ts' };

export default defineConfig({
  test: {
    projects: [
      './vitest.unit.config.ts',
      {
        test: {
          name: 'side-by-side',
          include: testsOf(SIDE_BY_SIDE),
          ...slow,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'alone',
          include: testsOf(ALONE),
          ...slow,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
    coverage: { include: ['src/**/*.{ts,tsx}'], reporter: ['text-summary', 'html'] },
  },
});
