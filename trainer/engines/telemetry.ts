import * as tf from '@tensorflow/tfjs-core';
import { openGpuReader } from './gpu.ts';
import type { GpuReading } from './gpu/reading.ts';

export interface SystemReading {
  /** Percent of one core used by this process since the last reading, or since its start. */
  readonly cpu: number;
  /** Resident bytes of this process. */
  readonly rss: number;
  readonly tensors: number;
  readonly tensorBytes: number;
  /** Bytes that the engine has allocated on its device, where it reports that: tensors, and buffers kept for reuse. */
  readonly deviceBytes?: number;
  readonly gpu?: GpuReading;
  /** Which readings of the GPU are missing and why, in a sentence; absent where all are there. */
  readonly gpuNote?: string;
}

let last = { cpu: 0, at: 0 };
let sharedReader: ReturnType<typeof openGpuReader> | undefined;
const ownReader = () => (sharedReader ??= openGpuReader());

/** Where readings come from; by default this process and its own GPU reader, opened at the first call. */
export interface SystemSource {
  /** Microseconds of processor time used by this process. */
  readonly cpuMicros: () => number;
  /** Milliseconds since this process started. */
  readonly uptimeMs: () => number;
  readonly gpu: () => GpuReading | undefined;
  readonly gpuNote: () => string | undefined;
}

const ownProcess: SystemSource = {
  cpuMicros: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  uptimeMs: () => 1000 * process.uptime(),
  gpu: () => ownReader().latest(),
  gpuNote: () => ownReader().note(),
};

/** What a `system` event carries. Costs microseconds and never waits: the GPU is read in the background. */
export function readSystem(source: SystemSource = ownProcess): SystemReading {
  const now = { cpu: source.cpuMicros(), at: source.uptimeMs() };
  const elapsed = now.at - last.at;
  const cpu = elapsed > 0 ? (now.cpu - last.cpu) / (10 * elapsed) : 0;
  last = now;
  const [gpu, gpuNote] = [source.gpu(), source.gpuNote()];
  const { tensors, tensorBytes, deviceBytes } = countTensors();
  return {
    cpu: Math.round(10 * Math.max(0, cpu)) / 10,
    rss: process.memoryUsage.rss(),
    tensors,
    tensorBytes,
    ...(deviceBytes === undefined ? {} : { deviceBytes }),
    ...(gpu === undefined ? {} : { gpu }),
    ...(gpuNote === undefined ? {} : { gpuNote }),
  };
}

/** Tensors of the open engine. Before one is open there is nothing to count, and asking would open one. */
function countTensors(): Pick<SystemReading, 'tensors' | 'tensorBytes' | 'deviceBytes'> {
  if (!tf.getBackend()) return { tensors: 0, tensorBytes: 0 };
  // tfjs' WebGPU backend adds what it has allocated; its buffers are pooled, so this and not what is in use can grow.
  const memory: tf.MemoryInfo & { readonly numBytesAllocatedInGPU?: number } = tf.memory();
  const { numTensors, numBytes, numBytesAllocatedInGPU } = memory;
  return {
    tensors: numTensors,
    tensorBytes: numBytes,
    ...(numBytesAllocatedInGPU === undefined ? {} : { deviceBytes: numBytesAllocatedInGPU }),
  };
}
