import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { causalConv } from '#trainer/engines/ops/causal-conv.ts';
import { noise } from './compare-engines.ts';
import { type Case, conformanceCases, type Input } from './conformance-cases.ts';

export interface ConformanceOptions {
  /** Cases that this engine need not pass, by name, each with the reason. */
  readonly skips?: Readonly<Record<string, string>>;
  /** What it is tested on, where that is not every case. */
  readonly cases?: readonly Case[];
  /** Steps of the training that must give the same bits twice (12). */
  readonly steps?: number;
  /** What the engine holds beside what tfjs counts, e.g. handles of a native library; must be unchanged after a case. */
  readonly held?: () => number;
}

interface Values {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** What a case gives on an engine: its outputs, and the gradient of their weighted sum for every float input. */
interface Result {
  readonly outputs: readonly Values[];
  readonly gradients: readonly Values[];
}

/**
 * What every engine must do. Each case runs twice and must give the same bits; its outputs and gradients must be those of
 * tfjs' plain JavaScript backend (for that one itself: gradients those of finite differences); no tensor may stay.
 * Everything is read asynchronously and one engine is open at a time. Call it in a test file of its own.
 */
export function describeEngine(
  name: Engine['name'],
  { skips = {}, held = () => 0, cases: wanted = conformanceCases, steps = 12 }: ConformanceOptions = {},
): void {
  const cases = wanted.filter((one) => !(one.name in skips));

  describe(`the ${name} engine conforms`, () => {
    const references = new Map<string, Result>();
    let engine: Engine | undefined;

    beforeAll(async () => {
      expect(Object.keys(skips).filter((skip) => !conformanceCases.some((one) => one.name === skip))).toEqual([]);
      if (name !== 'cpu') {
        const cpu = await openEngine('cpu');
        for (const one of cases) references.set(one.name, await run(one));
        cpu.dispose();
      }
      engine = await openEngine(name);
    }, 300_000);
    afterAll(() => engine?.dispose());

    it.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
      const [tensors, buffers, handles] = [tf.memory().numTensors, tf.memory().numDataBuffers, held()];
      const first = await run(one);
      const second = await run(one);
      expect(tf.memory().numTensors, 'tensors left').toBe(tensors);
      expect(tf.memory().numDataBuffers, 'buffers left').toBe(buffers);
      expect(held(), 'handles left').toBe(handles);
      expect(bits(second), 'the second time').toEqual(bits(first));
      const reference = references.get(one.name);
      if (reference === undefined) await expectDifferences(one, first);
      else expectSame(first, reference, one.tolerance ?? 1e-5);
    });

    it('trains to the same bits twice', async () => {
      const first = await trainSmall(steps);
      expect(await trainSmall(steps)).toEqual(first);
      expect(first.every(Number.isFinite)).toBe(true);
    });
  });
}

function fill({ shape, fill = 'signed', below = 1 }: Input, seed: number): Float32Array {
  const values = noise(shape, seed);
  if (fill === 'positive') return values.map((value) => value + 1.1);
  if (fill === 'index') return values.map((value) => Math.min(below - 1, Math.floor((below * (value + 1)) / 2)));
  return values;
}

const isFloat = ({ fill = 'signed' }: Input): boolean => fill !== 'index';

function list(outputs: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
  return Array.isArray(outputs) ? outputs : [outputs];
}

async function read(tensors: readonly tf.Tensor[]): Promise<Values[]> {
  const values: Values[] = [];
  for (const tensor of tensors) {
    values.push({ shape: tensor.shape, dtype: tensor.dtype, values: (await tensor.data()).slice() });
  }
  return values;
}

/** `filled` are the values of the inputs, by default those of the case. */
async function run(one: Case, filled = one.inputs.map((input, n) => fill(input, n + 1))): Promise<Result> {
  const inputs = one.inputs.map(({ shape }, n) => tf.tensor(filled[n], [...shape], 'float32'));
  const outputs = tf.tidy(() => list(one.compute(...inputs)));
  const read1 = await read(outputs);
  const gradients = one.gradient === false ? [] : tf.tidy(() => differentiate(one, inputs, outputs));
  const read2 = await read(gradients);
  tf.dispose([inputs, outputs, gradients]);
  return { outputs: read1, gradients: read2 };
}

/** Gradient, for every float input, of Σ output · weight over all outputs; weights are fixed noise. */
function differentiate(one: Case, inputs: tf.Tensor[], outputs: tf.Tensor[]): tf.Tensor[] {
  const free = one.inputs.flatMap((input, n) => (isFloat(input) ? [n] : []));
  if (free.length === 0) return [];
  const weights = outputs.map(({ shape }, n) => tf.tensor(noise(shape, 50 + n), shape));
  const loss = (...values: tf.Tensor[]): tf.Scalar => {
    const all = inputs.map((input, n) => values[free.indexOf(n)] ?? input);
    const sums = list(one.compute(...all)).map((output, n) => tf.sum(tf.mul(output, weights[n])));
    return tf.addN(sums) as tf.Scalar;
  };
  return tf.grads(loss)(free.map((n) => inputs[n]));
}

function bits(result: Result): unknown[] {
  return [...result.outputs, ...result.gradients].map(({ shape, dtype, values }) => [
    shape,
    dtype,
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64'),
  ]);
}

/** Shapes and types are equal, values are within `tolerance` of the largest value of the reference (1 at least). */
function expectSame(ours: Result, reference: Result, tolerance: number): void {
  for (const part of ['outputs', 'gradients'] as const) {
    const kind = ({ shape, dtype }: Values) => ({ shape, dtype });
    expect(ours[part].map(kind), part).toEqual(reference[part].map(kind));
    reference[part].forEach(({ values }, n) => {
      const error = worst(ours[part][n].values, values);
      expect(error, `${part}[${n}]`).toBeLessThan(tolerance);
    });
  }
}

function worst(ours: ArrayLike<number>, reference: ArrayLike<number>): number {
  let scale = 1;
  let error = 0;
  for (let i = 0; i < reference.length; i++) {
    if (Number.isFinite(reference[i])) scale = Math.max(scale, Math.abs(reference[i]));
    if (Object.is(ours[i], reference[i])) continue;
    const difference = Math.abs(ours[i] - reference[i]);
    // NaN or an infinity on one side only is the worst error there is.
    error = Math.max(error, Number.isFinite(difference) ? difference : Number.POSITIVE_INFINITY);
  }
  return error / scale;
}

/**
 * Slopes along a random direction: by central differences of the outputs' weighted sum (summed in double precision) and
 * by the gradient. Their distance is rounding, about 1e-5 of the gradient's norm, and a kink that lies between.
 */
async function expectDifferences(one: Case, { gradients }: Result): Promise<void> {
  if (gradients.length === 0) return;
  const { step = 4e-3 } = one;
  const filled = one.inputs.map((input, n) => fill(input, n + 1));
  const signs = one.inputs.map((input, n) =>
    isFloat(input) ? noise(input.shape, 90 + n).map((value) => (value < 0 ? -1 : 1)) : null,
  );
  const at = async (distance: number): Promise<number> => {
    const moved = filled.map((values, n) => values.map((value, i) => value + distance * (signs[n]?.[i] ?? 0)));
    const { outputs } = await run({ ...one, gradient: false }, moved);
    return outputs.reduce((sum, { shape, values }, n) => {
      const weights = noise(shape, 50 + n);
      return sum + weights.reduce((part, weight, i) => part + weight * values[i], 0);
    }, 0);
  };
  const found = ((await at(step)) - (await at(-step))) / (2 * step);
  const used = signs.filter((values) => values !== null);
  let expected = 0;
  let square = 0;
  gradients.forEach(({ values }, n) =>
    values.forEach((value, i) => {
      expected += value * used[n][i];
      square += value * value;
    }),
  );
  expect(Math.abs(found - expected), `${found} for ${expected}`).toBeLessThan(0.02 * Math.sqrt(square) + 1e-3);
}

/** So many steps of a small network with a convolution, attention and a recurrence; returns its weights. */
async function trainSmall(rounds: number): Promise<number[]> {
  const shapes = [[4, 6], [3, 6, 6], [3, 6], [9, 2]]; // prettier-ignore
  const [batch, steps] = [16, 6];
  const x = tf.tensor(noise([batch * steps, 4], 9), [batch * steps, 4]);
  const rate = tf.scalar(0.1);
  const loss = (...[kernel, filter, recurrent, head]: tf.Tensor[]): tf.Scalar => {
    const dense = tf.reshape(tf.tanh(tf.matMul(x, kernel)), [batch, steps * 6]) as tf.Tensor2D;
    const attrs = { steps, stride: 1, relu: false, inputGradient: true } as const;
    const input = { values: dense, steps, width: 6 };
    const { values } = causalConv(input, filter as tf.Tensor3D, tf.zeros([6]), attrs);
    const conv = tf.reshape(tf.tanh(values), [batch, steps, 6]);
    let h: tf.Tensor = tf.zeros([batch, 3]);
    for (let t = 0; t < steps; t++) {
      const step = tf.reshape(tf.slice(conv, [0, t, 0], [batch, 1, 6]), [batch, 6]);
      const [gate, value] = tf.split(tf.add(step, tf.matMul(h, recurrent)), 2, 1);
      h = tf.add(tf.mul(tf.sigmoid(gate), h), tf.tanh(value));
    }
    const attention = tf.softmax(tf.matMul(conv, conv, false, true));
    return tf.mean(tf.square(tf.matMul(tf.concat([h, tf.mean(attention, 1)], 1), head))) as tf.Scalar;
  };
  let weights = shapes.map((shape, n) => tf.tensor(noise(shape, n + 1), shape));
  for (let round = 0; round < rounds; round++) {
    const next = tf.tidy(() => {
      const gradients = tf.grads(loss)(weights);
      return weights.map((weight, n) => tf.sub(weight, tf.mul(gradients[n], rate)));
    });
    tf.dispose(weights);
    weights = next;
  }
  const values = await read(weights);
  tf.dispose([x, rate, weights]);
  return values.flatMap((one) => [...one.values]);
}
