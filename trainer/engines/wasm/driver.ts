import type { EngineDriver } from '../driver.ts';

export const wasmDriver: EngineDriver = {
  packages: ['@tensorflow/tfjs-backend-wasm'],
  open: async () => (await import('./wasm.ts')).openWasm(),
  findAbsence: () => undefined,
  remedy: () => 'npm ci',
  findCards: () => null,
};
