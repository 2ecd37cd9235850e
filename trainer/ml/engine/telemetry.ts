import * as tf from '@tensorflow/tfjs-core';
import { type GpuReader, type GpuReading, openGpuReader } from './gpu.ts';

export interface SystemReading {
  /** Percent of one core used by this process since the last reading, or since its start. */
  readonly cpu: number;
  /** Resident bytes of this process. */
  readonly rss: number;
  readonly tensors: number;
  readonly tensorBytes: number;
  readonly gpu?: GpuReading;
}

let last = { cpu: 0, at: 0 };
let sharedReader: GpuReader | undefined;

/** Where readings come from; by default this process and its own GPU reader, opened at the first call. */
export interface SystemSource {
  /** Microseconds of processor time used by this process. */
  readonly cpuMicros: () => number;
  /** Milliseconds since this process started. */
  readonly uptimeMs: () => number;
  readonly gpu: () => GpuReading | undefined;
}

const ownProcess: SystemSource = {
  cpuMicros: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  uptimeMs: () => 1000 * process.uptime(),
  gpu: () => (sharedReader ??= openGpuReader()).latest(),
};

/** What a `system` event carries. Costs microseconds and never waits: the GPU is read in the background. */
export function readSystem(source: SystemSource = ownProcess): SystemReading {
  const now = { cpu: source.cpuMicros(), at: source.uptimeMs() };
  const elapsed = now.at - last.at;
  const cpu = elapsed > 0 ? (now.cpu - last.cpu) / (10 * elapsed) : 0;
  last = now;
  const gpu = source.gpu();
  // Before an engine is open there is nothing to count, and asking would open one.
  const { numTensors, numBytes } = tf.getBackend() ? tf.memory() : { numTensors: 0, numBytes: 0 };
  return {
    cpu: Math.round(10 * Math.max(0, cpu)) / 10,
    rss: process.memoryUsage.rss(),
    tensors: numTensors,
    tensorBytes: numBytes,
    ...(gpu === undefined ? {} : { gpu }),
  };
}
