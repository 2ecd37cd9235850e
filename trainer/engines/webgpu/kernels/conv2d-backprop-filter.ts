import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { callShipped, defineKernel } from '../kernel.ts';
import { flatProgram } from '../program.ts';
import { reshaped, type WebgpuBackend } from '../webgpu-backend.ts';
import { countParts, splitMatMul } from './split-mat-mul.ts';

interface Inputs {
  /** [batch, height, width, channels] */
  readonly x: TensorInfo;
  /** [batch, outHeight, outWidth, outChannels] */
  readonly dy: TensorInfo;
}
interface Attrs {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterShape: [number, number, number, number];
}

/**
 * dL/dfilter of a 2-D convolution = patchesᵀ · dy. The shipped kernel has one invocation a filter weight, each of which goes
 * through batch · outHeight · outWidth alone: a 3×3×1×32 filter uses 288 invocations of a GPU that has tens of thousands, for so
 * long that Windows may take the GPU for hung. Channels first stay with it; nothing of ours has them.
 */
export const conv2dBackpropFilter = defineKernel<Inputs, Attrs>('Conv2DBackpropFilter', (shipped) => (call) => {
  const { inputs, attrs, backend } = call;
  const { x, dy } = inputs;
  if (attrs.dataFormat === 'NCHW' || dy.shape.includes(0)) return callShipped(shipped, 'Conv2DBackpropFilter', call);
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    attrs.filterShape,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  const positions = info.batchSize * info.outHeight * info.outWidth;
  const taps = info.filterHeight * info.filterWidth * info.inChannels;
  const shape = { m: taps, n: info.outChannels, k: positions, transposeA: true, transposeB: false };
  const patches = gatherPatches(backend, x, info, positions, taps);
  const filter = splitMatMul(backend, patches, dy, shape, countParts(shape));
  backend.disposeData(patches.dataId);
  return { ...filter, shape: [...attrs.filterShape] };
});

/** im2col: the input under each position of the filter as a row, [positions, taps]; zeros where it hangs over the edge. */
function gatherPatches(
  backend: WebgpuBackend,
  x: TensorInfo,
  info: ReturnType<typeof tf.backend_util.computeConv2DInfo>,
  positions: number,
  taps: number,
): TensorInfo {
  const pointwise = positions * taps === tf.util.sizeFromShape(x.shape) && info.filterHeight * info.filterWidth === 1;
  if (pointwise && info.padInfo.top === 0 && info.padInfo.left === 0) return reshaped(backend, x, [positions, taps]);
  const program = flatProgram({
    name: 'patches',
    inputs: ['x'],
    outputShape: [positions, taps],
    uniforms: 'inSize : vec4<i32>, outSize : vec2<i32>, strides : vec2<i32>, pads : vec2<i32>, filterWidth : i32,',
    body: `
      let channels = uniforms.inSize.z;
      let taps = uniforms.inSize.w;
      let position = index / taps;
      let tap = index % taps / channels;
      let output = vec2<i32>(position / uniforms.outSize.y % uniforms.outSize.x, position % uniforms.outSize.y);
      let image = position / (uniforms.outSize.x * uniforms.outSize.y);
      let pixel = output * uniforms.strides - uniforms.pads + vec2<i32>(tap / uniforms.filterWidth, tap % uniforms.filterWidth);
      var value = 0.0;
      if (all(pixel >= vec2<i32>(0)) && all(pixel < uniforms.inSize.xy)) {
        value = x[((image * uniforms.inSize.x + pixel.x) * uniforms.inSize.y + pixel.y) * channels + index % channels];
      }
      setOutputAtIndex(index, value);`,
  });
  return backend.runWebGPUProgram(program, [x], 'float32', [
    { type: 'int32', data: [info.inHeight, info.inWidth, info.inChannels, taps] },
    { type: 'int32', data: [info.outHeight, info.outWidth] },
    { type: 'int32', data: [info.strideHeight, info.strideWidth] },
    { type: 'int32', data: [info.padInfo.top, info.padInfo.left] },
    { type: 'int32', data: [info.filterWidth] },
  ]);
}
