import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { patchesAreInput, scatterPatches } from './patches.ts';
import { callKernel, defineKernel } from './wasm-backend.ts';

interface Inputs {
  readonly dy: TensorInfo;
  readonly filter: TensorInfo;
}
interface Attrs {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly inputShape: [number, number, number, number];
}

/** dL/dx of a 2-D convolution = (dy · filterᵀ) added back to the pixels. tfjs runs a scalar loop over seven indices. */
export const conv2dBackpropInput = defineKernel<Inputs, Attrs>('Conv2DBackpropInput', (shipped) => (call) => {
  const { inputs, attrs, backend } = call;
  if (attrs.dataFormat === 'NCHW' && shipped !== undefined) return shipped(call as never);
  const { dy, filter } = inputs;
  const info = tf.backend_util.computeConv2DInfo(
    attrs.inputShape,
    filter.shape as [number, number, number, number],
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  const positions = info.batchSize * info.outHeight * info.outWidth;
  const taps = info.filterHeight * info.filterWidth * info.inChannels;
  const patches = callKernel(
    backend,
    'BatchMatMul',
    { a: { ...dy, shape: [positions, info.outChannels] }, b: { ...filter, shape: [taps, info.outChannels] } },
    { transposeA: false, transposeB: true },
  );
  if (patchesAreInput(info)) {
    patches.shape = [...info.inShape];
    return patches;
  }
  const dx = scatterPatches(backend, patches, info);
  backend.disposeData(patches.dataId);
  return dx;
});
