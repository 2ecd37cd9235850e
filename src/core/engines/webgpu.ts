import type { EngineDescriptor } from './descriptor.ts';

export const webgpu: EngineDescriptor = { title: 'WebGPU', everywhere: false, memoryLimit: null };
