import type { EngineDescriptor } from './descriptor.ts';

export const wasm = {
  title: 'WASM',
  everywhere: true,
  /** Its heap ends at 4 GB, and XNNPACK keeps a packed copy of every weight beside the tensors in the rest. */
  memoryLimit: 3.5e9,
} satisfies EngineDescriptor;
