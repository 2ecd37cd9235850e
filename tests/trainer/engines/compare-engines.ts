import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';

// What the kernels share among threads is to be shared here, whatever the other tests do.
process.env['ALMANAC_THREADS'] = '2';

/** Seeded values in −1 … 1 that differ from element to element: a 32-bit mix of the index. */
export function noise(shape: readonly number[], seed = 1): Float32Array {
  const values = new Float32Array(shape.reduce((size, axis) => size * axis, 1));
  for (let index = 0; index < values.length; index++) {
    let bits = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
    bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
    values[index] = ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 31 - 1;
  }
  return values;
}

/** A tensor of `noise` on the engine that is open. */
export function noiseTensor<R extends tf.Rank>(shape: tf.ShapeMap[R], seed = 1): tf.Tensor<R> {
  return tf.tensor(noise(shape, seed), shape);
}

export interface Computed {
  readonly shape: number[];
  readonly dtype: string;
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** Runs the same computation on both engines; fails when a tensor is left behind on either. */
export async function onBoth(
  compute: () => tf.Tensor | tf.Tensor[],
): Promise<{ readonly wasm: Computed[]; readonly cpu: Computed[] }> {
  const run = async (name: 'wasm' | 'cpu'): Promise<Computed[]> => {
    const engine: Engine = await openEngine(name);
    try {
      const before = tf.memory().numTensors;
      const outputs = tf.tidy(compute);
      const list = Array.isArray(outputs) ? outputs : [outputs];
      const read = list.map((tensor) => ({
        shape: tensor.shape,
        dtype: tensor.dtype,
        values: tensor.dataSync() as Float32Array,
      }));
      tf.dispose(list);
      expect(tf.memory().numTensors, `tensors left on ${name}`).toBe(before);
      return read;
    } finally {
      engine.dispose();
    }
  };
  return { wasm: await run('wasm'), cpu: await run('cpu') };
}

/** Expects equal shapes and types, and values within 1e-5 of the largest value of the reference (1 at least). */
export async function expectSameOnBoth(compute: () => tf.Tensor | tf.Tensor[]): Promise<void> {
  const { wasm, cpu } = await onBoth(compute);
  expect(wasm.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(cpu.map(({ shape, dtype }) => ({ shape, dtype })));
  cpu.forEach((reference, output) => {
    let scale = 1;
    for (const value of reference.values) if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
    const ours = wasm[output].values;
    let worst = 0;
    for (let index = 0; index < reference.values.length; index++) {
      const expected = reference.values[index];
      if (Object.is(ours[index], expected)) continue;
      const error = Math.abs(ours[index] - expected);
      // NaN or an infinity on one side only is the worst error there is.
      worst = Math.max(worst, Number.isFinite(error) ? error : Number.POSITIVE_INFINITY);
    }
    expect(worst / scale, `output ${output}`).toBeLessThan(1e-5);
  });
}
