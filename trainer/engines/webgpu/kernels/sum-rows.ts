import type { TensorInfo } from '@tensorflow/tfjs-core';
import { flatProgram } from '../program.ts';
import { reshaped, type WebgpuBackend } from '../webgpu-backend.ts';

/** Rows that one invocation adds up at most before the sums of others are added to its own. */
const chunk = 256;

/**
 * Sums of the columns of x [rows, columns] → [columns]; rows are added in chunks and chunks in order, always the same way, so
 * that the result has the same bits each time. Invocations side by side read neighbouring columns.
 */
export function sumRows(backend: WebgpuBackend, x: TensorInfo, rows: number, columns: number): TensorInfo {
  const parts = Math.ceil(rows / chunk);
  const program = flatProgram({
    name: 'sum_rows',
    inputs: ['x'],
    outputShape: [parts, columns],
    uniforms: 'rows : i32, columns : i32,',
    body: `
      let column = index % uniforms.columns;
      let first = index / uniforms.columns * ${chunk};
      var sum = 0.0;
      for (var row = first; row < min(first + ${chunk}, uniforms.rows); row++) {
        sum += x[row * uniforms.columns + column];
      }
      setOutputAtIndex(index, sum);`,
  });
  const flat = reshaped(backend, x, [rows, columns]);
  const sums = backend.runWebGPUProgram(program, [flat], 'float32', [
    { type: 'int32', data: [rows] },
    { type: 'int32', data: [columns] },
  ]);
  backend.disposeData(flat.dataId);
  if (parts === 1) return { ...sums, shape: [columns] };
  const total = sumRows(backend, sums, parts, columns);
  backend.disposeData(sums.dataId);
  return total;
}
