import type { TensorInfo } from '@tensorflow/tfjs-core';
import { defineKernel } from '../kernel.ts';
import { flatProgram } from '../program.ts';
import { rowProgram } from '../row-program.ts';
import { sizeOf } from '../size.ts';
import type { Uniform, WebgpuBackend } from '../webgpu-backend.ts';
import { sumRows } from './sum-rows.ts';

interface Inputs {
  /** float32 [..., C] */
  readonly x: TensorInfo;
  /** float32 [C] */
  readonly gamma: TensorInfo;
  readonly beta: TensorInfo;
}
interface GradInputs {
  readonly dy: TensorInfo;
  readonly x: TensorInfo;
  readonly gamma: TensorInfo;
  /** float32 [rows, 2]: mean and 1/√(var + ε) of each row. */
  readonly statistics: TensorInfo;
}
interface Attrs {
  readonly epsilon: number;
}

/** What the programs below have in `uniforms`: number and length of the rows. */
function rowsOf({ shape }: TensorInfo): {
  readonly rows: number;
  readonly columns: number;
  readonly uniforms: Uniform[];
} {
  const columns = shape.at(-1) ?? 1;
  const rows = sizeOf(shape) / columns;
  return { rows, columns, uniforms: [rows, columns].map((value) => ({ type: 'int32', data: [value] })) };
}

/**
 * γ·(x − mean)/√(var + ε) + β over the last axis, in two programs instead of nine. Outputs y (shape of x), and mean and
 * 1/√(var + ε) of each row, [rows, 2], for the gradient.
 */
export const layerNorm = defineKernel<Inputs, Attrs>('AlmanacLayerNorm', () => ({ inputs, attrs, backend }) => {
  const { x, gamma, beta } = inputs;
  const { rows, uniforms } = rowsOf(x);
  const moments = rowProgram({
    name: 'layer_norm_moments',
    inputs: ['x'],
    outputShape: [rows, 2],
    rows,
    uniforms: 'epsilon : f32,',
    // The variance is of the centred values, in a second pass: the mean of squares would cancel.
    body: `
      var sum = 0.0;
      each(c) { sum += x[start + c]; }
      let mean = sumOfRow(sum) / f32(uniforms.columns);
      var squares = 0.0;
      each(c) {
        let centred = x[start + c] - mean;
        squares += centred * centred;
      }
      let variance = sumOfRow(squares) / f32(uniforms.columns);
      if (row < uniforms.rows && localIndex == 0u) {
        result[2 * row] = mean;
        result[2 * row + 1] = inverseSqrt(variance + uniforms.epsilon);
      }`,
  });
  const epsilon: Uniform = { type: 'float32', data: [attrs.epsilon] };
  const statistics = backend.runWebGPUProgram(moments, [x], 'float32', [...uniforms, epsilon]);
  const apply = flatProgram({
    name: 'layer_norm',
    inputs: ['x', 'gamma', 'beta', 'statistics'],
    outputShape: x.shape,
    uniforms: 'rows : i32, columns : i32,',
    body: `
      let row = index / uniforms.columns;
      let c = index % uniforms.columns;
      setOutputAtIndex(index, gamma[c] * (x[index] - statistics[2 * row]) * statistics[2 * row + 1] + beta[c]);`,
  });
  return [backend.runWebGPUProgram(apply, [x, gamma, beta, statistics], 'float32', uniforms), statistics];
});

/**
 * Gradient of the above: dx [..., C], dγ [C], dβ [C]. With x̂ the normalised x, r = 1/√(var + ε) and g = dy·γ:
 *
 *     dx = r·(g − mean(g) − x̂·mean(g·x̂))    dγ = Σ dy·x̂    dβ = Σ dy
 */
export const layerNormGrad = defineKernel<GradInputs, unknown>('AlmanacLayerNormGrad', () => ({ inputs, backend }) => {
  const { dy, x, gamma, statistics } = inputs;
  const { rows, columns, uniforms } = rowsOf(x);
  const program = rowProgram({
    name: 'layer_norm_grad',
    inputs: ['dy', 'x', 'gamma', 'statistics'],
    outputShape: x.shape,
    rows,
    // A row past the end reads where there is something; it writes nothing.
    body: `
      let place = 2 * min(row, uniforms.rows - 1);
      let mean = statistics[place];
      let scale = statistics[place + 1];
      var ofG = 0.0;
      var along = 0.0;
      each(c) {
        let g = dy[start + c] * gamma[c];
        ofG += g;
        along += g * (x[start + c] - mean) * scale;
      }
      let meanG = sumOfRow(ofG) / f32(uniforms.columns);
      let meanAlong = sumOfRow(along) / f32(uniforms.columns);
      each(c) {
        let normal = (x[start + c] - mean) * scale;
        result[start + c] = scale * (dy[start + c] * gamma[c] - meanG - normal * meanAlong);
      }`,
  });
  const dx = backend.runWebGPUProgram(program, [dy, x, gamma, statistics], 'float32', uniforms);
  const products = timesNormal(backend, dy, x, statistics);
  const dGamma = sumRows(backend, products, rows, columns);
  backend.disposeData(products.dataId);
  return [dx, dGamma, sumRows(backend, dy, rows, columns)];
});

/** dy·x̂, shape of x. */
function timesNormal(backend: WebgpuBackend, dy: TensorInfo, x: TensorInfo, statistics: TensorInfo): TensorInfo {
  const program = flatProgram({
    name: 'layer_norm_products',
    inputs: ['dy', 'x', 'statistics'],
    outputShape: x.shape,
    uniforms: 'rows : i32, columns : i32,',
    body: `
      let row = index / uniforms.columns;
      setOutputAtIndex(index, dy[index] * (x[index] - statistics[2 * row]) * statistics[2 * row + 1]);`,
  });
  return backend.runWebGPUProgram(program, [dy, x, statistics], 'float32', rowsOf(x).uniforms);
}
