import type { TensorInfo } from '@tensorflow/tfjs-core';
import { defineKernel } from '../kernel.ts';
import { flatProgram } from '../program.ts';
import { sizeOf } from '../size.ts';

interface Inputs {
  readonly x: TensorInfo;
}
interface Attrs {
  /** Stream of the draws (random.ts), 32 bits each. */
  readonly key: number;
  readonly tweak: number;
  /** A unit whose draw is below is dropped. */
  readonly threshold: number;
  /** What a unit that stays is multiplied with. */
  readonly kept: number;
  /** Broadcasts against x: an axis of size 1 shares one draw. */
  readonly maskShape: readonly number[];
}

/** An axis of x, or several neighbours as one: how many places it has, and how far apart their draws are (0: shared). */
interface Axis {
  readonly size: number;
  readonly stride: number;
}

const most = 4;

/**
 * x times the mask of `random/mask.ts`, whose hash is of integers and hence the same bits on every device: no mask is drawn on
 * the host and uploaded, 4 bytes a unit and step. Its own gradient, with dy in the place of x. Output: shape of x.
 */
export const dropout = defineKernel<Inputs, Attrs>('AlmanacDropout', () => ({ inputs, attrs, backend }) => {
  const { x } = inputs;
  const { key, tweak, threshold, kept, maskShape } = attrs;
  const axes = mergeAxes(x.shape, maskShape);
  if (axes.length > most) throw new Error(`AlmanacDropout: mask [${maskShape.join(', ')}] is too irregular for x`);
  while (axes.length < most) axes.unshift({ size: 1, stride: 0 });
  const program = flatProgram({
    name: 'dropout',
    inputs: ['x'],
    outputShape: x.shape,
    uniforms: 'sizes : vec4<u32>, strides : vec4<u32>, key : u32, tweak : u32, threshold : u32, kept : f32,',
    functions: `
      fn mix32(value : u32) -> u32 {
        var h = value;
        h = (h ^ (h >> 16u)) * 0x7feb352du;
        h = (h ^ (h >> 15u)) * 0x846ca68bu;
        return h ^ (h >> 16u);
      }`,
    body: `
      var rest = u32(index);
      var place = 0u;
      for (var axis = 3; axis >= 0; axis--) {
        place += rest % uniforms.sizes[axis] * uniforms.strides[axis];
        rest /= uniforms.sizes[axis];
      }
      let draw = mix32(mix32(place ^ uniforms.key) ^ uniforms.tweak);
      setOutputAtIndex(index, x[index] * select(uniforms.kept, 0.0, draw < uniforms.threshold));`,
  });
  return backend.runWebGPUProgram(program, [x], 'float32', [
    { type: 'uint32', data: axes.map(({ size }) => size) },
    { type: 'uint32', data: axes.map(({ stride }) => stride) },
    { type: 'uint32', data: [key] },
    { type: 'uint32', data: [tweak] },
    { type: 'uint32', data: [threshold] },
    { type: 'float32', data: [kept] },
  ]);
});

/** The axes of `shape`, outermost first; neighbours that are both shared, or both not, become one. */
function mergeAxes(shape: readonly number[], maskShape: readonly number[]): Axis[] {
  const missing = shape.length - maskShape.length;
  const axes: Axis[] = [];
  shape.forEach((size, axis) => {
    const draws = axis < missing ? 1 : maskShape[axis - missing];
    if (missing < 0 || (draws !== 1 && draws !== size))
      throw new Error(`AlmanacDropout: mask [${maskShape.join(', ')}] does not broadcast to [${shape.join(', ')}]`);
    if (size === 1) return;
    const stride = draws === 1 ? 0 : sizeOf(maskShape.slice(axis - missing + 1));
    const outer = axes.at(-1);
    const alike = outer !== undefined && (outer.stride === 0) === (stride === 0);
    if (alike) axes[axes.length - 1] = { size: outer.size * size, stride };
    else axes.push({ size, stride });
  });
  return axes;
}
