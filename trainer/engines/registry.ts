import type { EngineName } from '#core/engines/registry.ts';
import type { EngineDriver } from './driver.ts';
import { nativeDriver } from './native/driver.ts';
import { wasmDriver } from './wasm/driver.ts';
import { webgpuDriver } from './webgpu/driver.ts';

/** What opens each engine that src/core/engines names. */
export const engineDrivers: Readonly<Record<EngineName, EngineDriver>> = {
  native: nativeDriver,
  webgpu: webgpuDriver,
  wasm: wasmDriver,
};
