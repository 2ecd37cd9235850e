import * as tf from '@tensorflow/tfjs-core';
import { type AdamwInputs, adamwStep } from '#trainer/engines/ops/adamw-step.ts';
import { attention } from '#trainer/engines/ops/attention.ts';
import { causalConv, last } from '#trainer/engines/ops/causal-conv.ts';
import { dense } from '#trainer/engines/ops/dense.ts';
import { dropoutWith } from '#trainer/engines/ops/dropout.ts';
import { gelu } from '#trainer/engines/ops/gelu.ts';
import { gruLayer } from '#trainer/engines/ops/gru-layer.ts';
import { layerNorm } from '#trainer/engines/ops/layer-norm.ts';
import { lstmLayer } from '#trainer/engines/ops/lstm-layer.ts';
import { gatherWindows } from '#trainer/engines/ops/windows.ts';
import { openDraw } from '#trainer/engines/random/mask.ts';

/** How an input is filled: `signed` in −1 … 1, `positive` in 0.1 … 2.1, `index` whole numbers below `below`. */
export type Fill = 'signed' | 'positive' | 'index';

export interface Input {
  readonly shape: readonly number[];
  readonly fill?: Fill;
  readonly below?: number;
}

/** One operation as the models use it. */
export interface Case {
  readonly name: string;
  readonly inputs: readonly Input[];
  readonly compute: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  /** False where no gradient is asked for: a step function, or whole numbers. */
  readonly gradient?: false;
  /** Distance of finite differences, where the usual one would cross kinks. */
  readonly step?: number;
  /** Relative to the largest value of the reference (1 at least); 1e-5 unless a comment at the case says why not. */
  readonly tolerance?: number;
}

type Compute = Case['compute'];

const signed = (...shape: number[]): Input => ({ shape });
const positive = (...shape: number[]): Input => ({ shape, fill: 'positive' });
const index = (below: number, ...shape: number[]): Input => ({ shape, fill: 'index', below });

function each(names: Readonly<Record<string, Compute>>, ...inputs: Input[]): Case[] {
  return Object.entries(names).map(([name, compute]) => ({ name, inputs, compute }));
}

function withoutGradient(one: Case): Case {
  return { ...one, gradient: false };
}

/** Element by element; 1003 elements, so that no vector width divides them. */
const unary: readonly Case[] = [
  ...each(
    {
      relu: tf.relu,
      leakyRelu: (x) => tf.leakyRelu(x, 0.1),
      sigmoid: tf.sigmoid,
      tanh: tf.tanh,
      exp: tf.exp,
      softplus: tf.softplus,
      square: tf.square,
      abs: tf.abs,
      neg: tf.neg,
      erf: tf.erf,
      gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
      clip: (x) => tf.clipByValue(x, -0.4, 0.6),
      cast: (x) => tf.cast(tf.cast(x, 'float32'), 'float32'),
      zerosLike: (x) => tf.add(x, tf.zerosLike(x)),
    },
    signed(17, 59),
  ),
  ...each(
    {
      sqrt: tf.sqrt,
      rsqrt: tf.rsqrt,
      log: tf.log,
      log1p: tf.log1p,
      reciprocal: tf.reciprocal,
      pow: (x) => tf.pow(x, 1.7),
    },
    positive(17, 59),
  ),
  { name: 'sigmoid of large values', inputs: [signed(31)], compute: (x) => tf.sigmoid(tf.mul(x, 90)) },
  { name: 'tanh of large values', inputs: [signed(31)], compute: (x) => tf.tanh(tf.mul(x, 40)) },
  { name: 'softplus of large values', inputs: [signed(31)], compute: (x) => tf.softplus(tf.mul(x, 90)) },
  { name: 'erf of large values', inputs: [signed(31)], compute: (x) => tf.erf(tf.mul(x, 6)) },
];

const broadcasts: readonly (readonly [string, Input, Input])[] = [
  ['equal shapes', signed(7, 33), positive(7, 33)],
  ['a scalar', signed(7, 33), positive()],
  ['a row', signed(7, 33), positive(33)],
  ['a column', signed(7, 33), positive(7, 1)],
  ['a middle axis', signed(3, 5, 6), positive(3, 1, 6)],
  ['both sides', signed(4, 1, 5), positive(3, 1)],
];

const binary: readonly Case[] = broadcasts.flatMap(([how, a, b]) => [
  ...each(
    {
      [`add with ${how}`]: tf.add,
      [`sub with ${how}`]: tf.sub,
      [`mul with ${how}`]: tf.mul,
      [`div with ${how}`]: tf.div,
    },
    a,
    b,
  ),
  ...each(
    {
      [`maximum with ${how}`]: tf.maximum,
      [`minimum with ${how}`]: tf.minimum,
      [`squaredDifference with ${how}`]: tf.squaredDifference,
    },
    a,
    b,
    // tfjs-core differentiates these for equal shapes alone.
  ).map((one): Case => (how === 'equal shapes' ? one : withoutGradient(one))),
]);

const choices: readonly Case[] = [
  ...each(
    {
      greater: (a, b) => tf.cast(tf.greater(a, b), 'float32'),
      greaterEqual: (a, b) => tf.cast(tf.greaterEqual(a, b), 'float32'),
      less: (a, b) => tf.cast(tf.less(a, b), 'float32'),
      lessEqual: (a, b) => tf.cast(tf.lessEqual(a, b), 'float32'),
      equal: (a) => tf.cast(tf.equal(a, tf.abs(a)), 'float32'),
      logicalAnd: (a, b) => tf.cast(tf.logicalAnd(tf.greater(a, 0), tf.greater(b, 0)), 'float32'),
      sign: (a) => tf.sign(a),
      step: (a) => tf.step(a),
      floor: (a, b) => tf.floor(tf.mul(a, tf.mul(b, 9))),
      argMax: (a) => tf.argMax(a, 1),
      isNaN: (a, b) => tf.cast(tf.isNaN(tf.sqrt(tf.mul(a, b))), 'float32'),
    },
    signed(9, 13),
    signed(9, 13),
  ).map(withoutGradient),
  {
    name: 'where',
    inputs: [index(2, 9, 13), signed(9, 13), signed(9, 13)],
    compute: (condition, a, b) => tf.where(tf.cast(condition, 'bool'), a, b),
  },
];

const transposes = [false, true].flatMap((a) => [false, true].map((b) => [a, b] as const));

/** A product of [..., m, k] and [..., k, n], either of them stored transposed. */
function products(title: string, batch: readonly number[], m: number, k: number, n: number): Case[] {
  return transposes.map(([a, b]) => ({
    name: `matMul ${title}${a ? ', first transposed' : ''}${b ? ', second transposed' : ''}`,
    inputs: [signed(...batch, ...(a ? [k, m] : [m, k])), signed(...batch, ...(b ? [n, k] : [k, n]))],
    compute: (x, y) => tf.matMul(x, y, a, b),
  }));
}

const matrices: readonly Case[] = [
  ...products('of two matrices', [], 7, 29, 13),
  ...products('of a tall and a thin matrix', [], 530, 5, 3),
  ...products('over a long inner axis', [], 4, 1030, 6),
  ...products('with one column', [], 33, 17, 1),
  ...products('of batches', [5], 6, 9, 7),
  ...products('of heads', [3, 2], 8, 5, 8),
  // tfjs-core differentiates products of equal batches alone.
  ...[
    ...each({ 'matMul of one matrix with a batch': (x, y) => tf.matMul(x, y) }, signed(1, 6, 9), signed(4, 9, 7)),
    ...each({ 'matMul of a batch with one matrix': (x, y) => tf.matMul(x, y) }, signed(4, 6, 9), signed(1, 9, 7)),
  ].map(withoutGradient),
];

const reductions: readonly Case[] = [
  ...[undefined, 0, 1, 2, [0, 1], [1, 2], [0, 2]].flatMap((axis) => {
    const where = axis === undefined ? 'everything' : `axis ${String(axis)}`;
    return each(
      {
        [`sum over ${where}`]: (x) => tf.sum(x, axis),
        [`mean over ${where}`]: (x) => tf.mean(x, axis, true),
      },
      signed(6, 11, 19),
    ).concat(
      each(
        { [`max over ${where}`]: (x) => tf.max(x, axis), [`min over ${where}`]: (x) => tf.min(x, axis) },
        signed(4, 5, 7),
      ).map((one) => ({ ...one, step: 1e-4 })),
    );
  }),
  ...each({ 'sum of a long column': (x) => tf.sum(x, 0), 'sum of long rows': (x) => tf.sum(x, 1) }, signed(2050, 3)),
  ...each({ 'sum of one row': (x) => tf.sum(x, 1), addN: (x) => tf.addN([x, tf.square(x), x]) }, signed(3, 1500)),
  ...each(
    {
      moments: (x) => {
        const { mean, variance } = tf.moments(x, -1, true);
        return [mean, variance];
      },
      'layer norm': (x) => {
        const centred = tf.sub(x, tf.mean(x, -1, true));
        return tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-5)));
      },
      softmax: (x) => tf.softmax(tf.mul(x, 4)),
      logSoftmax: (x) => tf.logSoftmax(tf.mul(x, 4)),
      logSumExp: (x) => tf.logSumExp(x, -1),
      cumsum: (x) => tf.cumsum(x, 2),
    },
    signed(5, 7, 16),
  ),
  ...each({ 'softmax of heads': (x) => tf.softmax(tf.mul(x, 9)) }, signed(2, 3, 6, 6)),
];

const moving: readonly Case[] = [
  ...each({ 'transpose of a matrix': (x) => tf.transpose(x) }, signed(37, 19)),
  ...each({ 'transpose 0 2 1': (x) => tf.transpose(x, [0, 2, 1]) }, signed(5, 9, 7)),
  ...each({ 'transpose 1 0 2': (x) => tf.transpose(x, [1, 0, 2]) }, signed(5, 9, 7)),
  ...each({ 'transpose 0 2 1 3': (x) => tf.transpose(x, [0, 2, 1, 3]) }, signed(3, 5, 2, 4)),
  ...each({ 'transpose 2 0 3 1 4': (x) => tf.transpose(x, [2, 0, 3, 1, 4]) }, signed(2, 3, 4, 2, 3)),
  ...each(
    {
      reshape: (x) => tf.mul(tf.reshape(x, [6, -1]), 2),
      'slice of rows': (x) => tf.slice(x, [2], [3]),
      'slice of columns': (x) => tf.slice(x, [0, 3], [-1, 4]),
      'concat of rows': (x) => tf.concat([x, tf.square(x)], 0),
      'concat of columns': (x) => tf.concat([x, tf.square(x), x], 1),
      'split in equal parts': (x) => tf.split(x, 3, 1),
      'split in sizes': (x) => tf.split(x, [2, 7, 3], 1),
      stack: (x) => tf.stack([x, tf.neg(x)], 1),
      unstack: (x) => tf.unstack(x, 0),
      'unstack of columns': (x) => tf.unstack(x, 1),
      tile: (x) => tf.tile(x, [2, 3]),
      'pad': (x) => tf.pad(x, [[0, 2], [3, 1]], 0.5), // prettier-ignore
      reverse: (x) => tf.reverse(x, 1),
      'expandDims and squeeze': (x) => tf.squeeze(tf.expandDims(tf.square(x), 1), [1]),
      broadcastTo: (x) => tf.broadcastTo(tf.reshape(x, [10, 12, 1]), [10, 12, 4]),
    },
    signed(10, 12),
  ),
  ...each(
    {
      'slice of a middle axis': (x) => tf.slice(x, [0, 2, 0], [-1, 3, -1]),
      'slice of the last axis': (x) => tf.slice(x, [0, 0, 4], [-1, -1, 2]),
      'concat of a middle axis': (x) => tf.concat([x, tf.square(x)], 1),
      'concat of the last axis': (x) => tf.concat([x, tf.square(x)], 2),
      'pad of three axes': (x) => tf.pad(x, [[0, 0], [2, 1], [1, 0]]), // prettier-ignore
      'tile of three axes': (x) => tf.tile(x, [1, 2, 1]),
      'split of the last axis': (x) => tf.split(x, 2, 2),
      'unstack of a middle axis': (x) => tf.unstack(x, 1),
      'stack of many': (x) => tf.stack(tf.unstack(x, 1).map(tf.square), 1),
      patches: (x) =>
        tf.stack(
          [0, 2, 4].map((from) => tf.slice(x, [0, from, 0], [-1, 4, -1])),
          1,
        ),
    },
    signed(4, 8, 6),
  ),
  ...each({ 'concat of forty': (x) => tf.concat(tf.split(x, 40, 0).map(tf.square), 1) }, signed(40, 9)),
  // Windows are gathered from data, whose gradient nobody wants.
  ...[
    ...each({ 'gather of rows': (x, i) => tf.gather(x, tf.cast(i, 'int32')) }, signed(9, 5), index(9, 14)),
    ...each({ 'gather of columns': (x, i) => tf.gather(x, tf.cast(i, 'int32'), 1) }, signed(4, 9), index(9, 5)),
  ].map(withoutGradient),
  ...each({ oneHot: (i) => tf.cast(tf.oneHot(tf.cast(i, 'int32'), 6), 'float32') }, index(6, 11)),
  ...each({
    'fill, ones, zeros and range': () => [tf.fill([3, 5], 0.3), tf.ones([4]), tf.zeros([2, 2]), tf.range(0, 9)],
  }),
];

/** Parts of models, as the models write them. */
const composites: readonly Case[] = [
  ...each(
    { 'the newest steps': (x) => last({ values: x as tf.Tensor2D, steps: 8, width: 3 }, 4, 2).values },
    signed(5, 24),
  ),
  ...each(
    {
      'a causal convolution': (x, kernel, bias) =>
        causalConv({ values: x as tf.Tensor2D, steps: 8, width: 3 }, kernel as tf.Tensor3D, bias as tf.Tensor1D, {
          ...{ steps: 3, stride: 2, relu: false },
          inputGradient: true,
        }).values,
    },
    signed(5, 24),
    signed(3, 3, 4),
    signed(4),
  ),
  ...each(
    {
      'a GRU layer': (x, kernel, recurrent, bias) =>
        gruLayer(x as tf.Tensor3D, kernel as tf.Tensor2D, recurrent as tf.Tensor2D, bias as tf.Tensor1D, {
          inputGradient: true,
        }),
    },
    signed(6, 5, 4),
    signed(4, 12),
    signed(4, 12),
    signed(12),
  ),
  ...each(
    {
      'an LSTM layer': (x, kernel, recurrent, bias) =>
        lstmLayer(x as tf.Tensor3D, kernel as tf.Tensor2D, recurrent as tf.Tensor2D, bias as tf.Tensor1D, {
          inputGradient: true,
        }),
    },
    signed(6, 5, 4),
    signed(4, 16),
    signed(4, 16),
    signed(16),
  ),
  ...each(
    { attention: (q, k, v) => attention(q as tf.Tensor3D, k as tf.Tensor3D, v as tf.Tensor3D, 2) },
    signed(3, 7, 10),
    signed(3, 7, 10),
    signed(3, 7, 10),
  ),
  ...each(
    { 'the layer norm op': (x, gamma, beta) => layerNorm(x, gamma as tf.Tensor1D, beta as tf.Tensor1D) },
    signed(4, 5, 6),
    signed(6),
    signed(6),
  ),
  ...each(
    {
      'a dense layer': (x, kernel, bias) => dense(x as tf.Tensor2D, kernel as tf.Tensor2D, bias as tf.Tensor1D),
      'a dense layer with ReLU': (x, kernel, bias) =>
        dense(x as tf.Tensor2D, kernel as tf.Tensor2D, bias as tf.Tensor1D, { relu: true }),
    },
    signed(9, 7),
    signed(7, 11),
    signed(11),
  ),
  ...each({ 'the gelu op': (x) => gelu(x) }, signed(5, 7)),
  ...each(
    {
      'dropout of single values': (x) => dropoutWith(x, { ...openDraw(1, 4, 0, 0.3), maskShape: [6, 5, 4] }),
      'dropout of whole channels': (x) => dropoutWith(x, { ...openDraw(1, 4, 1, 0.3), maskShape: [6, 1, 4] }),
    },
    signed(6, 5, 4),
  ),
  ...each(
    { windows: (features) => gatherWindows(features as tf.Tensor2D, Int32Array.from([5, 19, 5]), 6) },
    signed(20, 3),
  ).map(withoutGradient),
  ...each(
    {
      'an AdamW step': (w, m, v, g) => {
        const inputs = { w, m, v, g, decay: tf.step(w), scale: tf.scalar(0.5) } as unknown as AdamwInputs;
        return adamwStep(inputs, { rate: 0.01, epsilon: 1e-4, shrink: 0.1, beta1: 0.9, beta2: 0.99 });
      },
    },
    signed(257),
    signed(257),
    positive(257),
    signed(257),
  ).map(withoutGradient),
  ...each(
    {
      'binary cross-entropy': (z, y) => tf.mean(tf.sub(tf.softplus(z), tf.mul(z, y))),
      'Huber loss': (z, y) => {
        const error = tf.abs(tf.sub(z, y));
        const near = tf.minimum(error, 0.5);
        return tf.mean(tf.add(tf.mul(tf.square(near), 0.5), tf.mul(tf.sub(error, near), 0.5)));
      },
      'global norm and clip': (z, y) => {
        const norm = tf.sqrt(tf.add(tf.sum(tf.square(z)), tf.sum(tf.square(y))));
        return tf.mul(z, tf.minimum(1, tf.div(1, tf.add(norm, 1e-6))));
      },
    },
    signed(257),
    positive(257),
  ),
];

/** Everything the models use, and what they are about to. */
export const conformanceCases: readonly Case[] = [
  ...unary,
  ...binary,
  ...choices,
  ...matrices,
  ...reductions,
  ...moving,
  ...composites,
];
