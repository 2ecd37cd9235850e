import type * as tf from '@tensorflow/tfjs-core';
import type { Initializer } from './initializer.ts';
import type { Parameter } from './model.ts';

/** `<name>/kernel` [from, to] and `<name>/bias` [to] of a dense layer. */
export function denseParameters(name: string, from: number, to: number, initializer: Initializer): Parameter[] {
  return [
    { name: `${name}/kernel`, shape: [from, to], initializer, decay: true },
    { name: `${name}/bias`, shape: [to], initializer: 'zeros', decay: false },
  ];
}

/** `<name>/gamma` and `<name>/beta` [width] of a layer normalisation. */
export function normParameters(name: string, width: number): Parameter[] {
  return [
    { name: `${name}/gamma`, shape: [width], initializer: 'ones', decay: false },
    { name: `${name}/beta`, shape: [width], initializer: 'zeros', decay: false },
  ];
}

/** Finds weights, given in the order of `parameters`, by name. */
export function finder(parameters: readonly Parameter[]) {
  const index = new Map(parameters.map(({ name }, i) => [name, i]));
  return (weights: readonly tf.Tensor[]) => {
    const find = (name: string): tf.Tensor => {
      const at = index.get(name);
      if (at === undefined) throw new Error(`The model has no parameter ${name}`);
      return weights[at];
    };
    return {
      kernel: (layer: string) => find(`${layer}/kernel`) as tf.Tensor2D,
      bias: (layer: string) => find(`${layer}/bias`) as tf.Tensor1D,
      gamma: (layer: string) => find(`${layer}/gamma`) as tf.Tensor1D,
      beta: (layer: string) => find(`${layer}/beta`) as tf.Tensor1D,
      find,
    };
  };
}
