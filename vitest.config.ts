import { defineConfig } from 'vitest/config';
import { SLOW } from './vitest.unit.config.ts';

export default defineConfig({
  test: {
    projects: [
      './vitest.unit.config.ts',
      {
        test: {
          name: 'slow',
          include: SLOW.map((glob) => (glob.endsWith('.ts') ? glob : `${glob}/*.test.ts`)),
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Sessions of ONNX Runtime use all cores by themselves: files run one after the other.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    coverage: { include: ['src/**/*.{ts,tsx}'], reporter: ['text-summary', 'html'] },
  },
});
