import { describe, expect, it } from 'vitest';
import { guardMemory } from '#trainer/engines/webgpu/guard-backend.ts';
import type { BufferManager } from '#trainer/engines/webgpu/webgpu-backend.ts';

/** tfjs' pool without a GPU: buffers of one usage, kept by size. */
function pool() {
  const destroyed: number[] = [];
  const manager: BufferManager & { release(buffer: GPUBuffer): void } = {
    freeBuffers: new Map(),
    numFreeBuffers: 0,
    numBytesAllocated: 0,
    acquireBuffer(size, usage) {
      const free = manager.freeBuffers.get(`${size}_${usage}`)?.pop();
      if (free !== undefined) {
        manager.numFreeBuffers--;
        return free;
      }
      manager.numBytesAllocated += size;
      return { size, usage, destroy: () => void destroyed.push(size) } as unknown as GPUBuffer;
    },
    release(buffer) {
      const key = `${buffer.size}_${buffer.usage}`;
      manager.freeBuffers.set(key, [...(manager.freeBuffers.get(key) ?? []), buffer]);
      manager.numFreeBuffers++;
    },
  };
  return { manager, destroyed };
}

const limits = { maxBufferSize: 1000, maxStorageBufferBindingSize: 900 };

describe('the guard of the pool of buffers', () => {
  it('destroys free buffers before it would grow past the limit, and not those that fit', () => {
    const { manager, destroyed } = pool();
    const peak = guardMemory(manager, limits, 1000);
    const first = manager.acquireBuffer(600, 1);
    manager.release(first);
    expect(manager.acquireBuffer(600, 1)).toBe(first);
    manager.release(first);
    manager.acquireBuffer(300, 1);
    expect(destroyed).toEqual([]);
    manager.acquireBuffer(500, 1);
    expect(destroyed).toEqual([600]);
    expect([manager.numBytesAllocated, manager.numFreeBuffers, peak()]).toEqual([800, 0, 900]);
  });

  it('throws out_of_memory where that is not enough, with what is needed', () => {
    const { manager } = pool();
    guardMemory(manager, { maxBufferSize: 9e9, maxStorageBufferBindingSize: 9e9 }, 1e9);
    manager.acquireBuffer(7e8, 1);
    expect(() => manager.acquireBuffer(6e8, 1)).toThrow(/1300 MB of 1000 MB.*batch_size/);
  });

  it('refuses a buffer that the device cannot bind', () => {
    const { manager } = pool();
    guardMemory(manager, limits, null);
    expect(() => manager.acquireBuffer(901, 1)).toThrow(/one tensor of/);
    expect(manager.acquireBuffer(900, 1).size).toBe(900);
  });
});
