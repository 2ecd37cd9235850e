import * as tf from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../node-backend.ts';
import { defineKernel, ops } from './define.ts';

interface Inputs {
  readonly x: tf.TensorInfo;
  readonly kernel: tf.TensorInfo;
  readonly recurrent: tf.TensorInfo;
  readonly bias: tf.TensorInfo;
}

/**
 * A whole LSTM layer as TensorFlow's own operation, whose gates lie as ours do (i, f, g, o): as separate operations its 64
 * steps are two thousand. Outputs the states [L, B, h], then what the gradient needs: i, c, f, o, g and tanh(c), each
 * [L, B, h].
 */
export const lstm = defineKernel<Inputs>('AlmanacLstmLayer', ({ inputs, backend }) => {
  const [i, cells, f, o, g, squashed, states] = ops(backend, 'BlockLSTMV2', begin(backend, inputs), 7, settings);
  return [states, i, cells, f, o, g, squashed];
});

/** Its gradient: [dx, dKernel, dRecurrent, dBias]. */
export const lstmGradient = defineKernel<
  Inputs & Readonly<Record<'dy' | 'states' | 'i' | 'cells' | 'f' | 'o' | 'g' | 'squashed', tf.TensorInfo>>
>('AlmanacLstmLayerGrad', ({ inputs, backend }) => {
  const { dy, states, i, cells, f, o, g, squashed, recurrent } = inputs;
  const [units, columns] = recurrent.shape;
  const features = inputs.x.shape[2];
  const all = [...begin(backend, inputs), i, cells, f, o, g, squashed, states, tf.zeros(dy.shape), dy];
  const grads = ops(backend, 'BlockLSTMGradV2', all, 8, { flags: { use_peephole: false } });
  const [dx, dWeights, dBias] = [grads[0], grads[3], grads[7]];
  const dKernel = tf.slice(dWeights, [0, 0], [features, columns]);
  return [dx, dKernel, tf.slice(dWeights, [features, 0], [units, columns]), dBias];
});

const settings = { floats: { cell_clip: 0 }, flags: { use_peephole: false } };

/** What both ways begin with: length, x, cell and state of zeros, all weights, three peepholes that are not used, bias. */
function begin(backend: NodeBackend, { x, kernel, recurrent, bias }: Inputs): tf.TensorInfo[] {
  const [steps, batch] = x.shape;
  const units = recurrent.shape[0];
  const { TF_INT32, TF_INT64 } = backend.binding;
  const types = { SrcT: TF_INT32, DstT: TF_INT64 };
  const length = backend.executeSingleOutput(
    'Cast',
    Object.entries(types).map(([name, value]) => ({ name, type: backend.binding.TF_ATTR_TYPE, value })),
    [tf.scalar(steps, 'int32')],
  );
  const zeros = tf.zeros([batch, units]);
  const peephole = tf.zeros([units]);
  const weights = tf.concat([kernel as tf.Tensor, recurrent as tf.Tensor], 0);
  return [length, x, zeros, zeros, weights, peephole, peephole, peephole, bias];
}
