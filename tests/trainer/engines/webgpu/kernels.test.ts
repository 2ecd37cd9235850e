import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useSwiftShader } from '#tests/support/swiftshader.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { bits, openStream } from '#trainer/engines/random/random.ts';
import { noise, noiseTensor } from '../compare-engines.ts';
import { expectAsOnCpu } from './compare.ts';

let engine: Engine;

beforeAll(async () => {
  useSwiftShader();
  engine = await openEngine('webgpu');
});
afterAll(() => engine.dispose());

/** Runs a kernel of ours, reads its outputs and disposes them; expects that nothing else is left. */
async function run(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attrs: Readonly<Record<string, unknown>>,
): Promise<Float32Array[]> {
  const before = tf.memory().numTensors;
  const made = tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as tf.Tensor | tf.Tensor[];
  const outputs = Array.isArray(made) ? made : [made];
  const values: Float32Array[] = [];
  for (const output of outputs) values.push(Float32Array.from(await output.data()));
  tf.dispose([...outputs, ...Object.values(inputs)]);
  expect(tf.memory().numTensors).toBe(before - Object.keys(inputs).length);
  return values;
}

describe('AlmanacAdamW', () => {
  const [rate, epsilon, shrink, beta1, beta2] = [0.01, 1e-8, 0.001, 0.9, 0.999];
  it.each([1, 63, 1000, 70_000])('updates %i weights as the formula says', async (size) => {
    const [w, m, g] = [1, 2, 3].map((seed) => noise([size], seed));
    const v = noise([size], 4).map(Math.abs);
    const decay = Float32Array.from({ length: size }, (_, i) => i % 2);
    const scale = 0.37;
    const inputs = { w, m, v, g, decay };
    const tensors = Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, tf.tensor1d(values)]));
    const attrs = { rate, epsilon, shrink, beta1, beta2 };
    const outputs = await run('AlmanacAdamW', { ...tensors, scale: tf.scalar(scale) }, attrs);
    expect(outputs.map(({ length }) => length)).toEqual([size, size, size]);
    for (let i = 0; i < size; i++) {
      const gradient = g[i] * scale;
      const first = beta1 * m[i] + (1 - beta1) * gradient;
      const second = beta2 * v[i] + (1 - beta2) * gradient ** 2;
      const weight = w[i] - shrink * decay[i] * w[i] - (rate * first) / (Math.sqrt(second) + epsilon);
      [weight, first, second].forEach((expected, output) => {
        if (Math.abs(outputs[output][i] - expected) > 2e-6 * Math.max(1, Math.abs(expected)))
          expect.fail(`output ${output} at ${i}: expected ${expected}, received ${outputs[output][i]}`);
      });
    }
  });

  it('takes a scale that the device has computed, and leaves its inputs alone', async () => {
    const size = 300;
    const names = ['w', 'm', 'v', 'g', 'decay'];
    const tensors = Object.fromEntries(names.map((name, i) => [name, tf.abs(noiseTensor<tf.Rank.R1>([size], i))]));
    const scale = tf.tidy(() => tf.sum(tf.mul(tensors['g'], tf.scalar(0.01)))) as tf.Scalar;
    const before = await tensors['w'].data();
    const kept = tf.keep(tf.clone(tensors['w']));
    const scaleValue = (await scale.data())[0];
    const [, first] = await run('AlmanacAdamW', { ...tensors, scale }, { rate, epsilon, shrink, beta1: 0, beta2 });
    expect(await kept.data()).toEqual(before);
    kept.dispose();
    noise([size], 3).forEach((g, i) => expect(first[i]).toBeCloseTo(Math.abs(g) * scaleValue, 6));
  });
});

describe('AlmanacDropout', () => {
  const rate = 0.3;
  const stream = openStream(5, 'dropout', 7, 1);
  const threshold = Math.round(rate * 2 ** 32);
  const attrs = { key: stream.key >>> 0, tweak: stream.tweak >>> 0, threshold, kept: 1 / (1 - rate) };

  it.each([
    [
      [6, 50],
      [6, 50],
    ],
    [
      [4, 9, 8],
      [4, 1, 8],
    ],
    [
      [4, 9, 8],
      [1, 9, 1],
    ],
    [
      [3, 5, 7],
      [5, 1],
    ],
    [
      [2, 3, 4, 5],
      [2, 1, 4, 1],
    ],
    [[130], [1]],
  ])('multiplies %j by mask %j to the last bit', async (shape, maskShape) => {
    const x = noise(shape, 2);
    const size = maskShape.reduce((a, b) => a * b, 1);
    const mask = Float32Array.from({ length: size }, (_, i) => (bits(stream, i) >= threshold ? attrs.kept : 0));
    const [values] = await run('AlmanacDropout', { x: tf.tensor(x, shape) }, { ...attrs, maskShape });
    const aligned = [...new Array<number>(shape.length - maskShape.length).fill(1), ...maskShape];
    const expected = x.map((value, index) => {
      let [rest, place, stride] = [index, 0, 1];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        const at = rest % shape[axis];
        rest = Math.floor(rest / shape[axis]);
        if (aligned[axis] > 1) place += at * stride;
        stride *= aligned[axis];
      }
      return value * mask[place];
    });
    expect([...values]).toEqual([...expected]);
  });

  it('refuses a mask that does not broadcast', () => {
    const x = tf.ones([4, 5]);
    expect(() => tf.engine().runKernel('AlmanacDropout', { x }, { ...attrs, maskShape: [4] } as never)).toThrow(
      /\[4\].*\[4, 5\]/,
    );
    x.dispose();
  });
});

describe('AlmanacWindows', () => {
  it('gathers windows by their last rows', async () => {
    const [rows, width, lookback] = [40, 3, 8];
    const features = noise([rows, width], 3);
    const ends = [7, 39, 20, 20, 8];
    const inputs = { features: tf.tensor2d(features, [rows, width]), rows: tf.tensor1d(ends, 'int32') };
    const [values] = await run('AlmanacWindows', inputs, { lookback });
    expect([...values]).toEqual(
      ends.flatMap((end) => [...features.subarray((end - lookback + 1) * width, (end + 1) * width)]),
    );
  });
});

describe('AlmanacLayerNorm', () => {
  const epsilon = 1e-5;
  /** One row by the formulas, in double precision: y, dx, and what it adds to dγ. */
  function row(x: Float32Array, gamma: Float32Array, beta: Float32Array, dy: Float32Array) {
    const mean = (of: (c: number) => number) => gamma.reduce((sum, _, c) => sum + of(c), 0) / gamma.length;
    const centre = mean((c) => x[c]);
    const scale = 1 / Math.sqrt(mean((c) => (x[c] - centre) ** 2) + epsilon);
    const normal = Array.from(x, (value) => (value - centre) * scale);
    const [meanG, along] = [mean((c) => dy[c] * gamma[c]), mean((c) => dy[c] * gamma[c] * normal[c])];
    return normal.map((value, c) => ({
      y: gamma[c] * value + beta[c],
      dx: scale * (dy[c] * gamma[c] - meanG - value * along),
      dGamma: dy[c] * value,
    }));
  }

  it.each([
    [5, 1],
    [3, 7],
    [700, 64],
    [4, 200],
    [70, 1154],
  ])('and its gradient are those of the formulas for %i rows of %i', async (rows, columns) => {
    const [x, dy] = [1, 2].map((seed) => noise([rows, columns], seed));
    const [gamma, beta] = [3, 4].map((seed) => noise([columns], seed));
    const shape: [number, number, number] = [1, rows, columns];
    const [y, statistics] = await run(
      'AlmanacLayerNorm',
      { x: tf.tensor3d(x, shape), gamma: tf.tensor1d(gamma), beta: tf.tensor1d(beta) },
      { epsilon },
    );
    const inputs = { dy: tf.tensor3d(dy, shape), x: tf.tensor3d(x, shape), gamma: tf.tensor1d(gamma) };
    const [dx, dGamma, dBeta] = await run(
      'AlmanacLayerNormGrad',
      { ...inputs, statistics: tf.tensor2d(statistics, [rows, 2]) },
      {},
    );
    const expected = Array.from({ length: rows }, (_, r) => {
      const part = (values: Float32Array) => values.subarray(r * columns, (r + 1) * columns);
      return row(part(x), gamma, beta, part(dy));
    });
    const cells = expected.flat();
    const worst = (ours: Float32Array, theirs: readonly number[]) => {
      expect(ours.length).toBe(theirs.length);
      return Math.max(...theirs.map((value, i) => Math.abs(ours[i] - value) / Math.max(1, Math.abs(value))));
    };
    const columnSums = (of: (r: number, c: number) => number) =>
      Array.from({ length: columns }, (_, c) => expected.reduce((sum, _, r) => sum + of(r, c), 0));
    expect(
      worst(
        y,
        cells.map((cell) => cell.y),
      ),
    ).toBeLessThan(1e-5);
    expect(
      worst(
        dx,
        cells.map((cell) => cell.dx),
      ),
    ).toBeLessThan(2e-5);
    expect(
      worst(
        dGamma,
        columnSums((r, c) => expected[r][c].dGamma),
      ),
    ).toBeLessThan(2e-5);
    expect(
      worst(
        dBeta,
        columnSums((r, c) => dy[r * columns + c]),
      ),
    ).toBeLessThan(2e-5);
  });
});

describe('AlmanacGelu', () => {
  it('and its gradient are those of tfjs’ erf', async () => {
    const gelu = (x: tf.Tensor) => tf.mul(x, tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5));
    const values = noise([300], 1).map((value) => 5 * value);
    const cpu = tf.tidy(() => [gelu(tf.tensor1d(values)), tf.grad((x) => tf.sum(gelu(x)))(tf.tensor1d(values))]);
    const [expected, slopes] = [await cpu[0].data(), await cpu[1].data()];
    tf.dispose(cpu);
    const [ours] = await run('AlmanacGelu', { x: tf.tensor1d(values) }, {});
    const [gradient] = await run('AlmanacGeluGrad', { dy: tf.ones([300]), x: tf.tensor1d(values) }, {});
    for (let i = 0; i < 300; i++) {
      expect(Math.abs(ours[i] - expected[i])).toBeLessThan(2e-6);
      expect(Math.abs(gradient[i] - slopes[i])).toBeLessThan(2e-6);
    }
    expect(ours[0]).not.toBe(0);
  });
});

describe('products', () => {
  it.each([
    ['a weight’s gradient', [600, 33], [600, 17], true, false],
    ['a long inner axis', [5, 700], [700, 40], false, false],
    ['a transposed right side', [40, 520], [9, 520], false, true],
    ['both transposed', [530, 3], [35, 530], true, true],
    ['one tile', [20, 30], [30, 20], false, false],
    ['a transposed batch', [3, 10, 20], [3, 12, 20], false, true],
    ['a batch of one', [1, 600, 8], [1, 600, 8], true, false],
  ])('are right: %s', async (_, a, b, transposeA, transposeB) => {
    await expectAsOnCpu(() =>
      tf.matMul(noiseTensor(a as [number, number], 1), noiseTensor(b as [number, number], 2), transposeA, transposeB),
    );
  });
});

describe('sums', () => {
  it.each([
    [[700, 5], [0], false],
    [[3, 200, 7], [0, 1], true],
    [[4, 5, 6], [1], false],
    [[4, 5, 6], [2], true],
    [[300], [0], false],
    [[4, 5], [0, 1], false],
  ])('of %j over %j are right', async (shape, axes, keepDims) => {
    await expectAsOnCpu(() => tf.sum(noiseTensor(shape as [number], 1), axes, keepDims));
  });
});

describe('the same computation', () => {
  it('gives the same bits each time', async () => {
    const [a, b] = [noiseTensor<tf.Rank.R2>([4100, 9], 1), noiseTensor<tf.Rank.R2>([4100, 11], 2)];
    const compute = async () => {
      const results = tf.tidy(() => [tf.matMul(a, b, true, false), tf.sum(b, 0), tf.sum(a)]);
      const values = [];
      for (const result of results) values.push([...new Uint32Array((await result.data<'float32'>()).slice().buffer)]);
      tf.dispose(results);
      return values;
    };
    const first = await compute();
    for (let round = 0; round < 3; round++) expect(await compute()).toEqual(first);
    tf.dispose([a, b]);
  });
});
