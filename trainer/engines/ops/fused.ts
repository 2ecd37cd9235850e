import * as tf from '@tensorflow/tfjs-core';

/**
 * Runs the kernel `name` of the engine in use on tensors, or answers null where the engine has none: the caller then says
 * the same in plain operations. Kernels of ours have names that begin with Almanac; an engine registers those that it does
 * faster in one piece. No gradient is recorded: call it inside tf.customGrad, or where none is wanted.
 */
export function runFused<Inputs extends { readonly [Name in keyof Inputs]: tf.Tensor }>(
  name: `Almanac${string}`,
  inputs: Inputs,
  attrs: object = {},
): tf.Tensor[] | null {
  if (tf.getKernel(name, tf.getBackend()) === undefined) return null;
  // tfjs types attributes and inputs as open records; ours are closed ones.
  const result = tf.engine().runKernel(name, { ...inputs } as tf.NamedTensorMap, { ...attrs } as tf.NamedAttrMap);
  return (Array.isArray(result) ? result : [result]) as tf.Tensor[];
}
