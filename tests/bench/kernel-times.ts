import * as tf from '@tensorflow/tfjs-core';

export interface KernelUse {
  readonly calls: number;
  /** Without the kernels called from within it. */
  readonly ms: number;
}

export interface KernelTimes {
  /** What was used since the last call. */
  clear(): Map<string, KernelUse>;
  /** Puts the kernels back as they were. */
  stop(): void;
}

/**
 * Times every kernel of the current backend from now on. Exact where a kernel has done its work when it returns (wasm,
 * TensorFlow on the CPU); on a GPU it is the time to queue the work. Kernels that call another's function directly,
 * past the registry, count its time as their own.
 */
export function timeKernels(): KernelTimes {
  const uses = new Map<string, { calls: number; ms: number }>();
  /** Of each kernel that is running, the time spent in kernels that it called. */
  const running: number[] = [];
  const kernels = tf.getKernelsForBackend(tf.getBackend()).map((kernel) => ({ kernel, original: kernel.kernelFunc }));
  for (const { kernel, original } of kernels) {
    kernel.kernelFunc = (input) => {
      const began = performance.now();
      running.push(0);
      try {
        return original(input);
      } finally {
        const elapsed = performance.now() - began;
        const inner = running.pop() ?? 0;
        if (running.length > 0) running[running.length - 1] += elapsed;
        const use = uses.get(kernel.kernelName) ?? { calls: 0, ms: 0 };
        use.calls += 1;
        use.ms += elapsed - inner;
        uses.set(kernel.kernelName, use);
      }
    };
  }
  return {
    clear() {
      const taken = new Map(uses);
      uses.clear();
      return taken;
    },
    stop() {
      for (const { kernel, original } of kernels) kernel.kernelFunc = original;
    },
  };
}
