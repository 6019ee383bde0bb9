import { defineConfig } from 'vitest/config';
import LongestFirst from './scripts/longest-first.mjs';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    reporters: ['./scripts/one-line-reporter.mjs'],
  },
});
