import type { EngineName } from '#core/engines/registry.ts';

/** An engine that is ready: the tfjs-core global backend is set to it and its kernels are in place. */
export interface Engine {
  /** `cpu` is tfjs' plain JavaScript backend: the reference in tests, never offered to a person. */
  readonly name: EngineName | 'cpu';
  /** In words, e.g. "WASM SIMD, 1 thread" or "NVIDIA H200". */
  readonly device: string;
  readonly version: string;
  /** Bytes that tensors may take on this engine's device; null where the device does not tell. */
  readonly memoryLimit: number | null;
  /** Most bytes that tensors took at once since the engine was opened; null where the engine cannot count them. */
  peakBytes(): number | null;
  /**
   * Resolves when the device has done all that was asked of it so far. Where it is there, work is only queued: training
   * awaits it every few steps, or the queue grows without bound. Rejects with `device_lost` or `out_of_memory`.
   */
  readonly backPressure?: () => Promise<void>;
  dispose(): void;
}
