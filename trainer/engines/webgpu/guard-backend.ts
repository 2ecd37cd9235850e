import { AppError } from '#core/error.ts';
import type { Device } from './device.ts';
import type { BufferManager, WebgpuBackend } from './webgpu-backend.ts';

/**
 * Makes the backend stop where the device no longer computes: every program and every reading then throws what happened,
 * so that no loop goes on with values that are not there. A synchronous read of a tensor on the device is refused in words. Also keeps the pool of buffers within `memoryLimit` bytes.
 * Returns a function that tells the most bytes allocated so far.
 */
export function guardBackend(backend: WebgpuBackend, device: Device, memoryLimit: number | null): () => number {
  const { runWebGPUProgram, read } = backend;
  backend.runWebGPUProgram = (...call) => {
    device.check();
    return runWebGPUProgram.apply(backend, call);
  };
  backend.read = async (dataId) => {
    device.check();
    try {
      const values = await read.call(backend, dataId);
      device.check();
      return values;
    } catch (error) {
      await device.checkSoon();
      throw error;
    }
  };
  const { readSync } = backend;
  backend.readSync = (dataId) => {
    if (backend.tensorMap.get(dataId).values != null) return readSync.call(backend, dataId);
    // tfjs would draw the values on a canvas, which Node does not have.
    throw new Error('The webgpu engine cannot read values at once: use await tensor.data() instead of dataSync().');
  };
  return guardMemory(backend.bufferManager, device.device.limits, memoryLimit);
}

/**
 * The pool keeps free buffers by exact size and never lets one go. Before it would grow past the limit, or where the
 * driver's own limits forbid a buffer, free ones are destroyed; if that is not enough it throws `out_of_memory`.
 */
export function guardMemory(
  manager: BufferManager,
  limits: Pick<GPUSupportedLimits, 'maxBufferSize' | 'maxStorageBufferBindingSize'>,
  memoryLimit: number | null,
): () => number {
  const { acquireBuffer } = manager;
  const largest = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  let peak = manager.numBytesAllocated;
  manager.acquireBuffer = (size, usage, mappedAtCreation, reuse) => {
    if (size > largest)
      throw outOfMemory(`one tensor of ${inMegabytes(size)}, where the device takes ${inMegabytes(largest)}`);
    const pooled = reuse !== false && (manager.freeBuffers.get(`${size}_${usage}`)?.length ?? 0) > 0;
    if (memoryLimit !== null && !pooled && manager.numBytesAllocated + size > memoryLimit) {
      freePool(manager);
      const wanted = manager.numBytesAllocated + size;
      if (wanted > memoryLimit) throw outOfMemory(`${inMegabytes(wanted)} of ${inMegabytes(memoryLimit)}`);
    }
    const buffer = acquireBuffer.call(manager, size, usage, mappedAtCreation, reuse);
    peak = Math.max(peak, manager.numBytesAllocated);
    return buffer;
  };
  return () => peak;
}

/** Destroys buffers that nobody uses. No command that waits to be submitted uses them: the backend holds those back. */
function freePool(manager: BufferManager): void {
  for (const buffers of manager.freeBuffers.values()) {
    for (const buffer of buffers.splice(0)) {
      manager.numBytesAllocated -= buffer.size;
      manager.numFreeBuffers--;
      buffer.destroy();
    }
  }
}

function outOfMemory(what: string): AppError {
  return new AppError(
    'out_of_memory',
    `The GPU’s memory is not enough: this step needs ${what}. Try a smaller batch_size, lookback or variant.`,
  );
}

const inMegabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
