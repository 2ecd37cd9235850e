import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [sveltekit()],
  worker: { format: 'es' },
  build: { chunkSizeWarningLimit: 1500 },
  test: {
    // Vitest runs a file a core: threads of the wasm engine beside that would only wait for each other. Tests of the
    // kernels ask for two.
    env: { ALMANAC_THREADS: '1' },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/lib/**', 'tests/e2e/**', 'tests/native/**'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        resolve: { conditions: ['browser'] },
        test: {
          name: 'browser-state',
          environment: 'jsdom',
          include: ['tests/lib/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'native',
          environment: 'node',
          include: ['tests/native/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
