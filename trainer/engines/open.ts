import { assertNever } from '#core/error.ts';
import type { EngineName } from '#core/config/train.ts';
import type { Engine } from './engine.ts';

/**
 * Opens an engine and makes it tfjs-core's backend; the caller disposes it. Engines are imported only when asked for:
 * loading one may reserve a device. Throws `engine_unavailable` and never opens another one instead.
 */
export async function openEngine(name: EngineName | 'cpu'): Promise<Engine> {
  switch (name) {
    case 'wasm':
      return (await import('./wasm/wasm.ts')).openWasm();
    case 'native':
      return (await import('./native/native.ts')).openNative();
    case 'cpu':
      return (await import('./cpu.ts')).openCpu();
    case 'webgpu':
      return (await import('./webgpu/webgpu.ts')).openWebgpu();
    default:
      return assertNever(name);
  }
}
