import type { EngineDescriptor } from './descriptor.ts';

export const native: EngineDescriptor = { title: 'TensorFlow', everywhere: false, memoryLimit: null };
