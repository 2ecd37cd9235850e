import * as tf from '@tensorflow/tfjs-core';
import type { OpAttr } from '../binding.ts';
import type { NodeBackend } from '../node-backend.ts';

interface Call<Inputs, Attrs> {
  readonly inputs: Inputs;
  readonly attrs: Attrs;
  readonly backend: NodeBackend;
}

export interface NodeKernel {
  readonly name: string;
  readonly run: tf.KernelFunc;
}

/** A kernel made of TensorFlow's operations; what it makes on the way is disposed. */
export function defineKernel<Inputs, Attrs = unknown>(
  name: string,
  run: (call: Call<Inputs, Attrs>) => tf.Tensor | tf.Tensor[],
): NodeKernel {
  // tfjs types attributes and inputs as open records; ours are closed ones.
  return { name, run: ((call: Call<Inputs, Attrs>) => tf.tidy(() => run(call))) as unknown as tf.KernelFunc };
}

/** Numbers and booleans of an operation by name, whole ones as `float` where TensorFlow wants a float. */
interface Settings {
  readonly ints?: Readonly<Record<string, number>>;
  readonly floats?: Readonly<Record<string, number>>;
  readonly flags?: Readonly<Record<string, boolean>>;
  readonly types?: Readonly<Record<string, number>>;
}

/** Runs a TensorFlow operation on floats (its attribute T) that gives one output. */
export function op(
  backend: NodeBackend,
  name: string,
  inputs: readonly tf.TensorInfo[],
  settings: Settings = {},
): tf.Tensor {
  return backend.executeSingleOutput(name, listAttrs(backend, settings), inputs);
}

/** The same for one that gives `outputs`. */
export function ops(
  backend: NodeBackend,
  name: string,
  inputs: readonly tf.TensorInfo[],
  outputs: number,
  settings: Settings = {},
): tf.Tensor[] {
  return backend.executeMultipleOutputs(name, listAttrs(backend, settings), inputs, outputs);
}

function listAttrs({ binding }: NodeBackend, { ints = {}, floats = {}, flags = {}, types = {} }: Settings): OpAttr[] {
  const { TF_ATTR_TYPE, TF_ATTR_INT, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_FLOAT } = binding;
  const list = (type: number, values: Readonly<Record<string, unknown>>): OpAttr[] =>
    Object.entries(values).map(([name, value]) => ({ name, type, value }));
  return [
    ...list(TF_ATTR_TYPE, { T: TF_FLOAT, ...types }),
    ...list(TF_ATTR_INT, ints),
    ...list(TF_ATTR_FLOAT, floats),
    ...list(TF_ATTR_BOOL, flags),
  ];
}
