import type { TensorInfo } from '@tensorflow/tfjs-core';
import { callShipped, defineKernel } from '../kernel.ts';
import { flatProgram } from '../program.ts';
import { sizeOf } from '../size.ts';

interface Inputs {
  /** float32 [n, …] */
  readonly x: TensorInfo;
  /** int32 [n] */
  readonly segmentIds: TensorInfo;
}
interface Attrs {
  readonly numSegments: number;
}

/**
 * Sums of the rows of each segment, the gradient of an embedding. The shipped kernel adds floats atomically, in whatever order
 * invocations come, so that one seed gives many results. Here each output looks at all rows in order: n reads an output, which
 * suits the few rows of positions and symbols, not a vocabulary of words.
 */
export const unsortedSegmentSum = defineKernel<Inputs, Attrs>('UnsortedSegmentSum', (shipped) => (call) => {
  const { backend, inputs, attrs } = call;
  const { x, segmentIds } = inputs;
  const [rows, ...inner] = x.shape;
  const outputShape = [attrs.numSegments, ...inner];
  if (x.dtype !== 'float32' || sizeOf(x.shape) === 0) return callShipped(shipped, 'UnsortedSegmentSum', call);
  const program = flatProgram({
    name: 'unsorted_segment_sum',
    inputs: ['x', 'ids'],
    outputShape,
    uniforms: 'rows : i32, inner : i32,',
    body: `
      let segment = index / uniforms.inner;
      let column = index % uniforms.inner;
      var sum = 0.0;
      for (var row = 0; row < uniforms.rows; row++) {
        if (ids[row] == segment) { sum += x[row * uniforms.inner + column]; }
      }
      setOutputAtIndex(index, sum);`,
  });
  return backend.runWebGPUProgram(program, [x, segmentIds], 'float32', [
    { type: 'int32', data: [rows] },
    { type: 'int32', data: [sizeOf(inner)] },
  ]);
});
