import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Sessions of ONNX Runtime use all cores by themselves: files run one after the other.
    fileParallelism: false,
  },
});
