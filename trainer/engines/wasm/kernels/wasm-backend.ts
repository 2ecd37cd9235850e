import * as tf from '@tensorflow/tfjs-core';
import type { ThreadPool } from '../thread-pool.ts';
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';

/** The part of tfjs' BackendWasm that our kernels use; declared here because its own types need emscripten's. */
export interface WasmBackend {
  /** Our kernels on several threads; the engine puts it here. */
  readonly pool: ThreadPool;
  readonly wasm: {
    readonly HEAPU8: Uint8Array;
    /** Allocates on the heap and answers 0 when that fails. */
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  readonly dataIdMap: {
    get(dataId: object): { readonly id: number; readonly memoryOffset: number };
  };
  incRef(dataId: object): void;
  disposeData(dataId: object, force?: boolean): boolean;
  /** Allocates on the wasm heap, which may grow: every view taken before is then detached. */
  makeOutput(shape: number[], dtype: tf.DataType): TensorInfo;
}

/** What a kernel gets; `inputs` and `attrs` are typed by each kernel for the operation it serves. */
export interface KernelCall<Inputs, Attrs> {
  readonly inputs: Inputs;
  readonly attrs: Attrs;
  readonly backend: WasmBackend;
}

/** One kernel of ours. `shipped` is the kernel it replaces, undefined where the backend has none. */
export interface WasmKernel {
  readonly name: string;
  create(shipped: KernelFunc | undefined): KernelFunc;
}

/** Joins a typed kernel to tfjs' untyped registry; this is the only cast between the two. */
export function defineKernel<Inputs, Attrs>(
  name: string,
  create: (shipped: KernelFunc | undefined) => (call: KernelCall<Inputs, Attrs>) => TensorInfo | TensorInfo[],
): WasmKernel {
  return { name, create: (shipped) => create(shipped) as unknown as KernelFunc };
}

/** Where the tensor's values lie on the wasm heap, in bytes; they stay there for as long as the tensor lives. */
export function address(backend: WasmBackend, tensor: TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).memoryOffset;
}

/** The tensor's values on the wasm heap, not a copy: valid until the next allocation (makeOutput). */
export function floats(backend: WasmBackend, tensor: TensorInfo): Float32Array {
  const { memoryOffset } = backend.dataIdMap.get(tensor.dataId);
  return new Float32Array(backend.wasm.HEAPU8.buffer, memoryOffset, tf.util.sizeFromShape(tensor.shape));
}

/** As `floats`, for any type: float32 and int32 come as 32-bit words (copying them is exact), bool as bytes. */
export function words(backend: WasmBackend, tensor: TensorInfo): Uint32Array | Uint8Array {
  const { memoryOffset } = backend.dataIdMap.get(tensor.dataId);
  const size = tf.util.sizeFromShape(tensor.shape);
  const buffer = backend.wasm.HEAPU8.buffer;
  return tensor.dtype === 'bool'
    ? new Uint8Array(buffer, memoryOffset, size)
    : new Uint32Array(buffer, memoryOffset, size);
}

/** The same data under another shape; the caller owns one reference of the result. */
export function reshaped(backend: WasmBackend, tensor: TensorInfo, shape: number[]): TensorInfo {
  backend.incRef(tensor.dataId);
  return { dataId: tensor.dataId, shape, dtype: tensor.dtype };
}

/** Puts our kernels in place of the shipped ones. The backend must be ready: shipped kernels set themselves up then. */
export function installKernels(kernels: readonly WasmKernel[]): void {
  for (const kernel of kernels) {
    const shipped = tf.getKernel(kernel.name, 'wasm');
    if (shipped !== undefined) tf.unregisterKernel(kernel.name, 'wasm');
    const config: KernelConfig = {
      kernelName: kernel.name,
      backendName: 'wasm',
      kernelFunc: kernel.create(shipped?.kernelFunc),
    };
    // The shipped kernel stays in use for the cases it is good at, so its set-up must run again with the backend.
    tf.registerKernel(shipped?.setupFunc === undefined ? config : { ...config, setupFunc: shipped.setupFunc });
  }
}
