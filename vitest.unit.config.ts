import { configDefaults, defineConfig } from 'vitest/config';

/** Files with a session of ONNX Runtime that takes all cores, a browser, the built page or a package: one at a time. */
export const ALONE = [
  'test/bench/ideal.test.ts',
  'test/engine/*.test.ts',
  'test/engine/beam/beam-search.test.ts',
  'test/engine/cache/prefix-prefill.test.ts',
  'test/engine/calibrate/calibrate.test.ts',
  'test/engine/dynamic/{stepwise,speculate,adapt}.test.ts',
  'test/engine/forced/{loglikelihood,kept-prompts,measure-divergence,prefill,teacher-force}.test.ts',
  'test/engine/greedy/{decode-batch,generate}.test.ts',
  'test/engine/session/session.test.ts',
  'test/judge/local-judge.test.ts',
  'test/package/**',
  'test/page/{accessible,browser,shown-queries,theme,headline}.test.ts',
  'test/page/reading/**',
  'test/server/{clients,ending,equal-ids,served-sweep}.test.ts',
  'test/viewer/{export-page,serve-page}.test.ts',
  'test/worker/{complete-in-workers,run-job,workers-alike}.test.ts',
];

/** Files with other processes, threads with tiny models, or hundreds of damaged files: a few at a time. */
export const SIDE_BY_SIDE = [
  'test/cli/**',
  'test/data/schema/every-schema.test.ts',
  'test/doctor/**',
  'test/evaluate/checks/run-checks.test.ts',
  'test/evaluate/sweeps/**',
  'test/hostile/**',
  'test/model/{chat,extract,folder}/**',
  'test/model/graphs/**',
  'test/server/{refusals,chat,servers-down,served-bad-input}.test.ts',
  'test/server/conformance/**',
  'test/model/tokenizer/guard/guarded-tokenizer.test.ts',
  'test/store/killed.test.ts',
];

/** All others: unit tests, which take milliseconds. */
export default defineConfig({
  test: {
    name: 'unit',
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...ALONE, ...SIDE_BY_SIDE],
    testTimeout: 20_000,
    // A module is loaded once for each process: that takes half the time of once for each file.
    isolate: false,
    // By default one core stays idle.
    maxWorkers: '100%',
    setupFiles: ['test/support/without-sessions.ts'],
    sequence: { groupOrder: 0 },
  },
});
