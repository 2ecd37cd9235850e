import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBinding, Handle, OpAttr } from './binding.ts';

/** What tfjs-node's backend keeps of a tensor; `output` is ours: its number in the trace while it is not yet computed. */
export interface TensorData {
  shape: number[];
  dtype: number;
  /** Handle; −1 where there is none. */
  id: number;
  /** Values that have not been handed to the library yet. */
  values: (ArrayLike<number> & { readonly length: number }) | null;
  refCount: number;
  output?: number;
}

/** The part of tfjs-node's NodeJSKernelBackend that we build upon. */
export interface NodeBackend extends tf.KernelBackend {
  readonly binding: GraphBinding;
  readonly tensorMap: tf.DataStorage<TensorData>;
  createOutputTensor(handle: Handle): tf.Tensor;
  executeSingleOutput(name: string, attrs: readonly OpAttr[], inputs: readonly tf.TensorInfo[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attrs: readonly OpAttr[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
}
export type NodeBackendClass = new (binding: GraphBinding, packageName: string) => NodeBackend;
