// Softmax, for attention.
import { exp } from './math';

/** y = softmax(x) of `width` floats. */
export function softmaxRow(x: usize, y: usize, width: usize): void {
  let highest: f32 = -Infinity;
  for (let i: usize = 0; i < width; i++) highest = max<f32>(highest, load<f32>(x + i * 4));
  const shift = f32x4.splat(highest);
  let total: f32 = 0;
  let i: usize = 0;
  for (; i + 4 <= width; i += 4) {
    const e = exp(f32x4.sub(v128.load(x + i * 4), shift));
    v128.store(y + i * 4, e);
    total += f32x4.extract_lane(e, 0) + f32x4.extract_lane(e, 1) + (f32x4.extract_lane(e, 2) + f32x4.extract_lane(e, 3));
  }
  for (; i < width; i++) {
    const e = f32x4.extract_lane(exp(f32x4.splat(load<f32>(x + i * 4) - highest)), 0);
    store<f32>(y + i * 4, e);
    total += e;
  }
  const factor = <f32>1 / total;
  const factors = f32x4.splat(factor);
  for (i = 0; i + 4 <= width; i += 4) v128.store(y + i * 4, f32x4.mul(v128.load(y + i * 4), factors));
  for (; i < width; i++) store<f32>(y + i * 4, load<f32>(y + i * 4) * factor);
}
