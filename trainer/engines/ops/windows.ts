import * as tf from '@tensorflow/tfjs-core';
import { runFused } from './fused.ts';

/**
 * The windows of `lookback` rows that end at the given rows of a feature matrix [N, F] on the engine: [B, lookback, F]. Only
 * row numbers travel to the engine.
 */
export function gatherWindows(features: tf.Tensor2D, rows: Int32Array, lookback: number): tf.Tensor3D {
  return tf.tidy(() => {
    if (tf.getKernel('AlmanacWindows', tf.getBackend()) !== undefined) {
      const [windows] = runFused('AlmanacWindows', { features, rows: tf.tensor1d(rows, 'int32') }, { lookback }) as [
        tf.Tensor3D,
      ];
      return windows;
    }
    const each = new Int32Array(rows.length * lookback);
    rows.forEach((row, b) => {
      for (let step = 0; step < lookback; step++) each[b * lookback + step] = row - lookback + 1 + step;
    });
    return tf.gather(features, tf.tensor2d(each, [rows.length, lookback], 'int32')) as unknown as tf.Tensor3D;
  });
}
