import type { EngineName } from '#core/engines/registry.ts';
import type { Engine } from './engine.ts';
import { engineDrivers } from './registry.ts';

/**
 * Opens an engine and makes it tfjs-core's backend; the caller disposes it. `cpu` is the reference in tests. Throws
 * `engine_unavailable` and never opens another one instead.
 *
 * @example
 * const engine = await openEngine('wasm');
 * try {
 *   tf.tidy(() => tf.matMul(tf.ones([2, 3]), tf.ones([3, 4])).print());
 * } finally {
 *   engine.dispose();
 * }
 */
export async function openEngine(name: EngineName | 'cpu'): Promise<Engine> {
  return name === 'cpu' ? (await import('./cpu.ts')).openCpu() : engineDrivers[name].open();
}
