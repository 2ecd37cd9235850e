import { availableParallelism } from 'node:os';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

/** ms */
const patience = 300_000;

export default defineConfig({
  plugins: [sveltekit()],
  worker: { format: 'es' },
  build: { chunkSizeWarningLimit: 1500 },
  test: {
    // A file a core: threads of the wasm engine beside that would only wait for each other. Tests of the kernels ask for two.
    env: { ALMANAC_THREADS: '1' },
    maxWorkers: Math.min(8, availableParallelism()),
    // Limits that nothing reaches but what hangs: a test waits for what it is about, however busy the machine is.
    testTimeout: patience,
    hookTimeout: patience,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/lib/**', 'tests/e2e/**', 'tests/native/**', 'tests/**/*.full.test.ts'],
        },
      },
      {
        extends: true,
        resolve: { conditions: ['browser'] },
        test: {
          name: 'browser-state',
          environment: 'jsdom',
          // A document is dear to make: the files of a worker share one.
          isolate: false,
          include: ['tests/lib/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['tests/e2e/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'full',
          environment: 'node',
          include: ['tests/**/*.full.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'native',
          environment: 'node',
          include: ['tests/native/**/*.test.ts'],
        },
      },
    ],
  },
});
