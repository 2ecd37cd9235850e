import type { TensorInfo } from '@tensorflow/tfjs-core';
import { defineKernel } from '../kernel.ts';
import { flatProgram } from '../program.ts';

interface Inputs {
  /** float32 [N, F] */
  readonly features: TensorInfo;
  /** int32 [B]: the last row of each window, at least lookback − 1. */
  readonly rows: TensorInfo;
}
interface Attrs {
  readonly lookback: number;
}

/**
 * Windows [B, lookback, F] of a data set that lies on the device: a batch then costs an upload of B row numbers instead of
 * B · lookback · F values.
 */
export const windows = defineKernel<Inputs, Attrs>('AlmanacWindows', () => ({ inputs, attrs, backend }) => {
  const { features, rows } = inputs;
  const { lookback } = attrs;
  const width = features.shape[1];
  const program = flatProgram({
    name: 'windows',
    inputs: ['features', 'rows'],
    outputShape: [rows.shape[0], lookback, width],
    uniforms: 'lookback : i32, width : i32,',
    // A window is one contiguous stretch of the features.
    body: `
      let length = uniforms.lookback * uniforms.width;
      let start = (rows[index / length] - uniforms.lookback + 1) * uniforms.width;
      setOutputAtIndex(index, features[start + index % length]);`,
  });
  return backend.runWebGPUProgram(program, [features, rows], 'float32', [
    { type: 'int32', data: [lookback] },
    { type: 'int32', data: [width] },
  ]);
});
