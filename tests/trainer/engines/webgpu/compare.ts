import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { openCpu } from '#trainer/engines/cpu.ts';

interface Computed {
  readonly shape: number[];
  readonly dtype: string;
  readonly values: Float32Array | Int32Array | Uint8Array;
}

async function compute(backend: string, work: () => tf.Tensor | tf.Tensor[]): Promise<Computed[]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const made = tf.tidy(work);
  const outputs = Array.isArray(made) ? made : [made];
  const read: Computed[] = [];
  for (const { shape, dtype, ...rest } of outputs.map((tensor) => ({
    shape: tensor.shape,
    dtype: tensor.dtype,
    tensor,
  })))
    read.push({ shape, dtype, values: await rest.tensor.data() });
  tf.dispose(outputs);
  expect(tf.memory().numTensors, `tensors left on ${backend}`).toBe(before);
  return read;
}

/** A copy that no backend holds on the host, so that small operations are not done there. */
export function onDevice<T extends tf.Tensor>(tensor: T): T {
  return tf.mul(tensor, tf.ones([...tensor.shape])) as T;
}

/**
 * Runs the same computation on webgpu, which is open, and on tfjs' plain JavaScript backend. Expects equal shapes and types,
 * no tensor left, and values within `tolerance` of the largest value of the reference (1 at least).
 */
export async function expectAsOnCpu(work: () => tf.Tensor | tf.Tensor[], tolerance = 1e-5): Promise<void> {
  const ours = await compute('webgpu', work);
  const cpu = await openCpu();
  const theirs = await compute('cpu', work);
  cpu.dispose();
  await tf.setBackend('webgpu');
  const plain = ({ shape, dtype }: Computed) => ({ shape, dtype });
  expect(ours.map(plain)).toEqual(theirs.map(plain));
  theirs.forEach(({ values }, output) => {
    let [scale, worst] = [1, 0];
    values.forEach((expected, i) => {
      scale = Math.max(scale, Math.abs(expected));
      const error = Math.abs(ours[output].values[i] - expected);
      worst = Math.max(worst, Number.isNaN(error) ? Infinity : error);
    });
    expect(worst / scale, `output ${output}`).toBeLessThan(tolerance);
  });
}
