import * as tf from '@tensorflow/tfjs-core';
import { dense } from './dense.ts';
import { runFused } from './fused.ts';

/**
 * A recurrent layer over a whole sequence: x [L, B, F] → states [L, B, h], starting from zero. `inputGradient: false` saves
 * the gradient of x where x is data.
 */
export type RecurrentLayer = (
  x: tf.Tensor3D,
  kernel: tf.Tensor2D,
  recurrent: tf.Tensor2D,
  bias: tf.Tensor1D,
  options: { readonly inputGradient: boolean },
) => tf.Tensor3D;

/**
 * A recurrent layer whose recurrence is one kernel each way, null where the engine has none; the product with the input is
 * one for all steps. The kernel `name` answers the states last, behind what its gradient `<name>Grad` wants beside dy.
 */
export function runRecurrence(
  name: 'AlmanacGru' | 'AlmanacLstm',
  kept: readonly [string, string],
  ...[x, kernel, recurrent, bias, { inputGradient }]: Parameters<RecurrentLayer>
): tf.Tensor3D | null {
  const [steps, batch, features] = x.shape;
  const units = recurrent.shape[0];
  // The kernels work four units at once.
  if (units % 4 !== 0 || tf.getKernel(name, tf.getBackend()) === undefined) return null;
  const fromInput = dense(tf.reshape(x, [steps * batch, features]), kernel, bias, { inputGradient });
  const op = tf.customGrad<tf.Tensor2D>((...inputs) => {
    const [fromInput, recurrent] = inputs as [tf.Tensor2D, tf.Tensor2D];
    const save = inputs[2] as tf.GradSaveFunc;
    const [first, second, states] = runFused(name, { fromInput, recurrent }, { steps }) as tf.Tensor2D[];
    save([recurrent, first, second, states]);
    const gradFunc = (dy: tf.Tensor2D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [recurrent, first, second, states] = saved;
      const given = { dy, recurrent, [kept[0]]: first, [kept[1]]: second, states };
      return runFused(`${name}Grad`, given, { steps }) as tf.Tensor[];
    };
    return { value: states, gradFunc };
  });
  return tf.reshape(op(fromInput, recurrent), [steps, batch, units]);
}
