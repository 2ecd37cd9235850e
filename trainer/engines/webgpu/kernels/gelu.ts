import type { TensorInfo } from '@tensorflow/tfjs-core';
import { backend_util } from '@tensorflow/tfjs-core';
import { defineKernel } from '../kernel.ts';
import { flatProgram } from '../program.ts';

/** Φ(x) = (1 + erf(x/√2))/2, with erf by Abramowitz and Stegun 7.1.26 as in tfjs: within 1.5e-7. */
const normal = `
  fn normalCdf(x : f32) -> f32 {
    let z = x * ${Math.SQRT1_2};
    let t = 1.0 / (1.0 + ${backend_util.ERF_P} * abs(z));
    let series = ((((${backend_util.ERF_A5} * t + ${backend_util.ERF_A4}) * t + ${backend_util.ERF_A3}) * t
      + ${backend_util.ERF_A2}) * t + ${backend_util.ERF_A1}) * t;
    return 0.5 + 0.5 * sign(z) * (1.0 - series * exp(-z * z));
  }`;

/** x·Φ(x) in one program instead of five. Output: shape of x. */
export const gelu = defineKernel<{ readonly x: TensorInfo }, unknown>('AlmanacGelu', () => ({ inputs, backend }) => {
  const { x } = inputs;
  const program = flatProgram({
    name: 'gelu',
    inputs: ['x'],
    outputShape: x.shape,
    functions: normal,
    body: `setOutputAtIndex(index, x[index] * normalCdf(x[index]));`,
  });
  return backend.runWebGPUProgram(program, [x], 'float32');
});

/** dy·(Φ(x) + x·φ(x)), φ the normal density. Output: shape of x. */
export const geluGrad = defineKernel<{ readonly dy: TensorInfo; readonly x: TensorInfo }, unknown>(
  'AlmanacGeluGrad',
  () =>
    ({ inputs, backend }) => {
      const { dy, x } = inputs;
      const program = flatProgram({
        name: 'gelu_grad',
        inputs: ['dy', 'x'],
        outputShape: x.shape,
        functions: normal,
        body: `
          let value = x[index];
          let density = exp(-0.5 * value * value) * ${1 / Math.sqrt(2 * Math.PI)};
          setOutputAtIndex(index, dy[index] * (normalCdf(value) + value * density));`,
      });
      return backend.runWebGPUProgram(program, [dy, x], 'float32');
    },
);
