/** An attribute of a TensorFlow operation as tfjs-node writes it. */
export interface OpAttr {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** A tensor that the library holds. */
export interface Handle {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** A value of a function: an argument, or a constant where `values` are given. */
export interface FunctionValue {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly values?: Int32Array;
}

/** One operation in a function; values are numbered: arguments, constants, then the outputs of the nodes in order. */
export interface FunctionNode {
  readonly name: string;
  readonly attrs: readonly OpAttr[];
  readonly inputs: readonly number[];
  readonly outputs: number;
}

/** The part of the C++ binding that we use; see tfjs-node's binding/tfjs_binding.cc and our trainer/native/binding. */
export interface Binding {
  /** Version of the TensorFlow library that is loaded. */
  readonly TF_Version: string;
  readonly TF_INT32: number;
  readonly TF_FLOAT: number;
  readonly TF_BOOL: number;
  readonly TF_INT64: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_TYPE: number;
  isUsingGpuDevice(): boolean;
  /** Handles of tensors that the library holds. */
  getNumOfTensors(): number;
  createTensor(shape: readonly number[], dtype: number, values: ArrayLike<number>): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  executeOp(name: string, attrs: readonly OpAttr[], inputs: readonly number[], outputs: number): Handle[];
}

/** What our own C++ adds; a binding that came with the package lacks it. */
export interface GraphBinding extends Binding {
  inferOp(
    name: string,
    attrs: readonly OpAttr[],
    inputs: readonly FunctionValue[],
  ): { readonly dtype: number; readonly shape: number[] | null }[];
  defineFunction(
    name: string,
    args: readonly FunctionValue[],
    constants: readonly FunctionValue[],
    nodes: readonly FunctionNode[],
    outputs: readonly number[],
    attributes: readonly string[],
  ): void;
  removeFunction(name: string): void;
}

export function canBuildGraphs(binding: Binding): binding is GraphBinding {
  return 'defineFunction' in binding;
}
