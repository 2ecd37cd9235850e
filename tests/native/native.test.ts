import { createRequire } from 'node:module';
import { expect, it } from 'vitest';

const require = createRequire(import.meta.url);

/** The binding is built by the optional package's own install; without it there is nothing to test. */
function hasBinding(): boolean {
  try {
    require.resolve('@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node');
    return true;
  } catch {
    return false;
  }
}

// Skipped where libtensorflow could not be downloaded: the package is optional and its binding is then absent.
it.skipIf(!hasBinding())('trains a step on the native engine', async () => {
  const { openEngine } = await import('#trainer/ml/engine/open.ts');
  const engine = await openEngine('native');
  expect(engine.name).toBe('native');
  engine.dispose();
});
