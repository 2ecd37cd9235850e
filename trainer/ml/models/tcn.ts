import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import type { ModelConfig } from '#core/config/model.ts';
import { tcn } from '#core/models/tcn.ts';
import { planSteps } from '#core/models/tcn-steps.ts';
import { layersModel } from './export.ts';
import type { Initializer } from './initializer.ts';
import type { Model, ModelShape, Parameter } from './model.ts';
import { causalConv, last, type Sequence } from '#trainer/engines/ops/causal-conv.ts';

/**
 * Temporal convolutional network (Bai, Kolter and Koltun 2018): residual blocks of two causal convolutions with dilation
 * 2^b, ReLU and spatial dropout (one mask for all steps), and a linear head on the last step.
 *
 *     h = drop(relu(conv(x)));  h = drop(relu(conv(h)));  y = relu(h + x)      (x through a 1×1 where widths differ)
 *
 * Only the last step is read, and a step of block b needs only steps at distances that are multiples of 2^b. So block b
 * works on every 2^b-th step, counted from the end: its convolutions are then plain ones, the second with stride 2. That
 * is the same function (the exported model is the dilated form, and a test compares the two) for about a third of the
 * work, and needs no dilated convolution, for which TensorFlow.js has no gradient.
 *
 * Parameters: `block_<b>_a/kernel` [k, in, C], `block_<b>_a/bias`, `block_<b>_b/kernel` [k, C, C], `block_<b>_b/bias`,
 * then `block_<b>_skip/kernel` [1, in, C] and `/bias` where in ≠ C, …, `head/kernel`, `head/bias`.
 */
export function buildTcn(config: ModelConfig, shape: ModelShape): Model {
  const { channels, blocks, kernel } = tcn.sizes[config.variant];
  const parameters: Parameter[] = [];
  const conv = (name: string, size: number, width: number, initializer: Initializer): void => {
    parameters.push({ name: `${name}/kernel`, shape: [size, width, channels], initializer, decay: true });
    parameters.push({ name: `${name}/bias`, shape: [channels], initializer: 'zeros', decay: false });
  };
  for (let b = 0; b < blocks; b++) {
    const width = b === 0 ? shape.features : channels;
    conv(`block_${b + 1}_a`, kernel, width, 'he');
    conv(`block_${b + 1}_b`, kernel, channels, 'residual');
    if (width !== channels) conv(`block_${b + 1}_skip`, 1, width, 'glorot');
  }
  parameters.push(
    { name: 'head/kernel', shape: [channels, shape.outputs], initializer: 'glorot', decay: true },
    { name: 'head/bias', shape: [shape.outputs], initializer: 'zeros', decay: false },
  );
  const index = new Map(parameters.map(({ name }, i) => [name, i]));
  const plan = planSteps(shape.lookback, blocks, kernel);

  return {
    shape,
    parameters,
    forward(weights, x, dropout) {
      const batch = x.shape[0];
      const weight = (name: string): tf.Tensor => weights[index.get(name) as number];
      const convolve = (from: Sequence, name: string, steps: number, stride: 1 | 2, options: { relu: boolean }) =>
        causalConv(from, weight(`${name}/kernel`) as tf.Tensor3D, weight(`${name}/bias`) as tf.Tensor1D, {
          ...{ steps, stride, ...options },
          inputGradient: from !== windows,
        });
      const windows: Sequence = {
        values: tf.reshape(x, [batch, shape.lookback * shape.features]),
        steps: shape.lookback,
        width: shape.features,
      };
      let h = windows;
      plan.forEach(({ middle, out }, b) => {
        const name = `block_${b + 1}`;
        const layer = (input: Sequence, part: 'a' | 'b', steps: number, stride: 1 | 2): Sequence => {
          const { values } = convolve(input, `${name}_${part}`, steps, stride, { relu: true });
          const active = tf.reshape(values, [batch, steps, channels]);
          const dropped = dropout(active, 2 * b + (part === 'a' ? 0 : 1), [batch, 1, channels]);
          return { values: tf.reshape(dropped, [batch, steps * channels]), steps, width: channels };
        };
        const inner = layer(layer(h, 'a', middle, 1), 'b', out, 2);
        const skip = h.width === channels ? last(h, out, 2) : convolve(h, `${name}_skip`, out, 2, { relu: false });
        h = { values: tf.relu(tf.add(inner.values, skip.values)), steps: out, width: channels };
      });
      return tf.add(tf.matMul(h.values, weight('head/kernel') as tf.Tensor2D), weight('head/bias'));
    },
    toLayersModel(weights) {
      const input = layers.input({ shape: [shape.lookback, shape.features], name: 'window' });
      // Two-dimensional layers: the one-dimensional ones of TensorFlow.js know no causal padding.
      const rows = layers.layers.reshape({ targetShape: [shape.lookback, 1, shape.features], name: 'rows' });
      let h = rows.apply(input) as layers.SymbolicTensor;
      for (let b = 0; b < blocks; b++) {
        const name = `block_${b + 1}`;
        const dilation = 2 ** b;
        const layer = (from: layers.SymbolicTensor, part: 'a' | 'b'): layers.SymbolicTensor => {
          const padding: [[number, number], [number, number]] = [[dilation * (kernel - 1), 0], [0, 0]]; // prettier-ignore
          const padded = layers.layers.zeroPadding2d({ padding, name: `${name}_${part}_pad` }).apply(from);
          return layers.layers
            .conv2d({
              filters: channels,
              kernelSize: [kernel, 1],
              dilationRate: [dilation, 1],
              activation: 'relu',
              name: `${name}_${part}`,
            })
            .apply(padded) as layers.SymbolicTensor;
        };
        const inner = layer(layer(h, 'a'), 'b');
        const skip = index.has(`${name}_skip/kernel`)
          ? layers.layers.conv2d({ filters: channels, kernelSize: [1, 1], name: `${name}_skip` }).apply(h)
          : h;
        const sum = layers.layers.add({ name: `${name}_add` }).apply([inner, skip as layers.SymbolicTensor]);
        h = layers.layers.reLU({ name: `${name}_relu` }).apply(sum) as layers.SymbolicTensor;
      }
      const end = layers.layers
        .cropping2D({
          cropping: [
            [shape.lookback - 1, 0],
            [0, 0],
          ],
          name: 'last_step',
        }) // prettier-ignore
        .apply(h);
      const flat = layers.layers.flatten({ name: 'flatten' }).apply(end);
      const output = layers.layers.dense({ units: shape.outputs, name: 'head' }).apply(flat);
      return layersModel(input, output, parameters, weights);
    },
  };
}
