import { configDefaults, defineConfig } from 'vitest/config';

/** Files that open sessions of ONNX Runtime, a browser, the built page or another process. All others are unit tests. */
export const SLOW = [
  'test/bench/ideal.test.ts',
  'test/cli/**',
  'test/doctor/**',
  'test/engine/*.test.ts',
  'test/engine/beam/beam-search.test.ts',
  'test/engine/cache/prefix-prefill.test.ts',
  'test/engine/forced/{loglikelihood,measure-divergence,prefill,teacher-force}.test.ts',
  'test/engine/greedy/{decode-batch,generate}.test.ts',
  'test/engine/session/session.test.ts',
  'test/evaluate/checks/**',
  'test/evaluate/sweeps/**',
  'test/hostile/**',
  'test/judge/local-judge.test.ts',
  'test/model/folder/**',
  'test/model/graphs/**',
  'test/package/**',
  'test/page/{accessible,browser}.test.ts',
  'test/store/killed.test.ts',
  'test/viewer/export-page.test.ts',
  'test/viewer/serve-page.test.ts',
  'test/worker/{complete-in-workers,run-job}.test.ts',
];

/** Tests that take milliseconds and run side by side. */
export default defineConfig({
  test: {
    name: 'unit',
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...SLOW],
    testTimeout: 20_000,
    // A module is loaded once for each process: that takes half the time of once for each file.
    isolate: false,
    setupFiles: ['test/support/without-sessions.ts'],
    sequence: { groupOrder: 0 },
  },
});
