import type { TensorInfo } from '@tensorflow/tfjs-core';
import type * as tf from '@tensorflow/tfjs-core';

/** One value of a program's uniforms; 1, 2 or 4 numbers. */
export interface Uniform {
  readonly type: 'int32' | 'uint32' | 'float32';
  readonly data: number[];
}

/** A program as tfjs' backend compiles it: it adds declarations of inputs, `result`, shapes and `uniforms`. */
export interface Program {
  readonly variableNames: string[];
  readonly outputShape: number[];
  /** Tells compiled programs apart, together with ranks and types: whatever changes the code must be in it. */
  shaderKey: string;
  readonly workgroupSize: [number, number, number];
  readonly dispatchLayout: { x: number[]; y?: number[]; z?: number[] };
  dispatch: [number, number, number];
  /** Whether `uniforms.size` is wanted: the number of outputs. */
  readonly size?: boolean;
  readonly uniforms?: string;
  getUserCode(): string;
}

/** The part of tfjs' pool of buffers that we watch. It keeps free buffers by exact size, and never lets go of one. */
export interface BufferManager {
  readonly freeBuffers: Map<string, GPUBuffer[]>;
  numFreeBuffers: number;
  numBytesAllocated: number;
  acquireBuffer(size: number, usage: number, mappedAtCreation?: boolean, reuse?: boolean): GPUBuffer;
}

/** The part of tfjs' WebGPUBackend that we use; declared here because half of it is private to its own types. */
export interface WebgpuBackend {
  readonly device: GPUDevice;
  readonly queue: GPUQueue;
  readonly bufferManager: BufferManager;
  readonly tensorMap: {
    get(dataId: object): { readonly resource?: GPUBuffer; readonly values?: tf.BackendValues | null };
  };
  /** Few tiles: a product of no more than these leaves most of the GPU idle. */
  readonly thresholdToIncreaseWorkgroups: number;
  readonly commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  /** Tensors that commands not yet submitted use. */
  readonly commandQueueOwnedIds: WeakSet<object>;
  /** While profiling: where the times of programs are put. */
  readonly activeTimers: { readonly name: string; readonly query: Promise<number> }[] | null | undefined;
  readonly supportTimestampQuery: boolean;
  querySet: GPUQuerySet | null;
  getQueryTime(): Promise<number>;
  runWebGPUProgram(
    program: Program,
    inputs: readonly TensorInfo[],
    dtype: tf.DataType,
    uniforms?: readonly Uniform[],
    output?: TensorInfo,
  ): TensorInfo;
  read(dataId: object): Promise<tf.BackendValues>;
  readSync(dataId: object): tf.BackendValues;
  makeUniforms(uniforms: readonly Uniform[]): {
    readonly offset: number;
    readonly size: number;
    readonly buffer: GPUBuffer;
  };
  makeTensorInfo(shape: number[], dtype: tf.DataType): TensorInfo;
  uploadToGPU(dataId: object): void;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  incRef(dataId: object): void;
  disposeData(dataId: object, force?: boolean): boolean;
  dispose(): void;
}

/** The same data under another shape; the caller owns one reference of the result. */
export function reshaped(backend: WebgpuBackend, tensor: TensorInfo, shape: number[]): TensorInfo {
  backend.incRef(tensor.dataId);
  return { dataId: tensor.dataId, shape, dtype: tensor.dtype };
}
