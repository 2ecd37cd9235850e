import type { TensorInfo } from '@tensorflow/tfjs-core';
import { reshaped, type Program, type WebgpuBackend } from '../webgpu-backend.ts';
import { sumRows } from './sum-rows.ts';

/** Rows and columns of a tile, and steps along K between two loads. */
const tile = 32;
/** Workgroups that keep a large GPU busy. */
const wanted = 256;
/** Shortest part of K that is worth a workgroup of its own. */
const shortest = 256;

interface ProductShape {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Into how many parts the inner axis is cut; 1 where there are tiles enough without. */
export function countParts({ m, n, k }: Pick<ProductShape, 'm' | 'n' | 'k'>): number {
  const tiles = Math.ceil(m / tile) * Math.ceil(n / tile);
  return Math.max(1, Math.min(Math.ceil(wanted / tiles), Math.floor(k / shortest)));
}

/**
 * a · b where the result is small and the inner axis long, as in every gradient of a weight: parts of the inner axis are
 * multiplied by workgroups of their own, then added up in a fixed order. The shipped kernel for this case adds them atomically,
 * in any order. Result: [m, n].
 */
export function splitMatMul(
  backend: WebgpuBackend,
  a: TensorInfo,
  b: TensorInfo,
  shape: ProductShape,
  parts: number,
): TensorInfo {
  const { m, n, k, transposeA, transposeB } = shape;
  const steps = Math.ceil(Math.ceil(k / parts) / tile);
  const program: Program = {
    variableNames: ['a', 'b'],
    outputShape: [parts, m, n],
    shaderKey: `almanac_split_mat_mul_${transposeA}_${transposeB}`,
    workgroupSize: [8, 8, 1],
    dispatchLayout: { x: [2], y: [1], z: [0] },
    dispatch: [Math.ceil(n / tile), Math.ceil(m / tile), parts],
    uniforms: 'm : i32, n : i32, k : i32, steps : i32,',
    getUserCode: () => userCode(transposeA, transposeB),
  };
  const a2 = reshaped(backend, a, transposeA ? [k, m] : [m, k]);
  const b2 = reshaped(backend, b, transposeB ? [n, k] : [k, n]);
  const data = [m, n, k, steps].map((value) => ({ type: 'int32' as const, data: [value] }));
  const partial = backend.runWebGPUProgram(program, [a2, b2], 'float32', data);
  const sum = sumRows(backend, partial, parts, m * n);
  for (const { dataId } of [a2, b2, partial]) backend.disposeData(dataId);
  return { ...sum, shape: [m, n] };
}

/** A 32 × 32 tile by 64 invocations, 4 × 4 outputs each; in `left` and `right` the inner axis comes first. */
function userCode(transposeA: boolean, transposeB: boolean): string {
  // Neighbouring invocations read neighbouring values, whichever axis is the inner one in memory.
  const place = (innerIsLast: boolean) =>
    innerIsLast ? 'let outer = slot / 32; let inner = slot % 32;' : 'let outer = slot % 32; let inner = slot / 32;';
  return `
    var<workgroup> left : array<array<f32, 32>, 32>;
    var<workgroup> right : array<array<f32, 32>, 32>;

    fn main() {
      let row0 = i32(workgroupId.y) * 32;
      let column0 = i32(workgroupId.x) * 32;
      let part = i32(workgroupId.z);
      let row = i32(localId.y) * 4;
      let column = i32(localId.x) * 4;
      var sums : array<vec4<f32>, 4>;
      for (var step = 0; step < uniforms.steps; step++) {
        let inner0 = (part * uniforms.steps + step) * 32;
        for (var slot = i32(localIndex); slot < 1024; slot += 64) {
          ${place(!transposeA)}
          let r = row0 + outer;
          let i = inner0 + inner;
          var value = 0.0;
          if (r < uniforms.m && i < uniforms.k) { value = a[${transposeA ? 'i * uniforms.m + r' : 'r * uniforms.k + i'}]; }
          left[inner][outer] = value;
        }
        for (var slot = i32(localIndex); slot < 1024; slot += 64) {
          ${place(transposeB)}
          let c = column0 + outer;
          let i = inner0 + inner;
          var value = 0.0;
          if (c < uniforms.n && i < uniforms.k) { value = b[${transposeB ? 'c * uniforms.k + i' : 'i * uniforms.n + c'}]; }
          right[inner][outer] = value;
        }
        workgroupBarrier();
        for (var inner = 0; inner < 32; inner++) {
          let values = vec4<f32>(
            right[inner][column], right[inner][column + 1], right[inner][column + 2], right[inner][column + 3]);
          for (var r = 0; r < 4; r++) { sums[r] += left[inner][row + r] * values; }
        }
        workgroupBarrier();
      }
      for (var r = 0; r < 4; r++) {
        for (var c = 0; c < 4; c++) {
          if (row0 + row + r < uniforms.m && column0 + column + c < uniforms.n) {
            result[(part * uniforms.m + row0 + row + r) * uniforms.n + column0 + column + c] = sums[r][c];
          }
        }
      }
    }`;
}
