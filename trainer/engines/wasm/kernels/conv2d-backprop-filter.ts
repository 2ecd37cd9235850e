import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { requireChannelsLast } from './channels-last.ts';
import { gatherPatches, patchesAreInput } from './patches.ts';
import { callKernel, defineKernel, reshaped } from './wasm-backend.ts';

interface Inputs {
  readonly x: TensorInfo;
  readonly dy: TensorInfo;
}
interface Attrs {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterShape: [number, number, number, number];
}

/** dL/dfilter of a 2-D convolution = patchesᵀ · dy. The backend has no such kernel: convolutions do not train without. */
export const conv2dBackpropFilter = defineKernel<Inputs, Attrs>(
  'Conv2DBackpropFilter',
  () =>
    ({ inputs, attrs, backend }) => {
      requireChannelsLast('Conv2DBackpropFilter', attrs.dataFormat);
      const { x, dy } = inputs;
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
      const patches = patchesAreInput(info) ? reshaped(backend, x, [positions, taps]) : gatherPatches(backend, x, info);
      const filter = callKernel(
        backend,
        'BatchMatMul',
        { a: patches, b: { ...dy, shape: [positions, info.outChannels] } },
        { transposeA: true, transposeB: false },
      );
      backend.disposeData(patches.dataId);
      filter.shape = [...attrs.filterShape];
      return filter;
    },
);
